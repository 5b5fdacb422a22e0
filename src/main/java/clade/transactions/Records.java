package clade.transactions;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The data records of a file, one after another. */
interface Records {

    /** The field of a record that does not name it: empty as any other, and told apart by {@link #isAbsent}. */
    String ABSENT = String.valueOf(new char[0]);

    /** Whether the record does not name the field. */
    @SuppressWarnings("ReferenceEquality") // an empty text that is named is equal
    static boolean isAbsent(String field) {
        return field == ABSENT;
    }

    /** The columns seen so far, in the file's order; JSON may add some with each record, the others never. */
    List<String> columns();

    /**
     * The next record, or null after the last.
     *
     * @throws clade.web.Refusal if the file can't be read on from here
     */
    @Nullable
    Entry next() throws IOException;

    /** How fields are parted, as reports name it; null where the format leaves no choice. */
    @Nullable
    String delimiter();

    /**
     * One record.
     *
     * @param fields texts in the order of {@link #columns}; later columns may be missing, which reads as empty
     * @param fault what is wrong with the record as a whole
     */
    @SuppressWarnings("ArrayRecordComponent") // lives for one row and is never compared
    record Entry(String[] fields, @Nullable Rejection fault) {}
}
