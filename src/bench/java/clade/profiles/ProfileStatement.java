package clade.profiles;

/** The statement of a look-up, for those who measure it. */
public final class ProfileStatement {

    /** Takes {@code :dataset} and {@code :customer}, both texts. */
    public static final String SQL = Profiles.SQL;

    private ProfileStatement() {}
}
