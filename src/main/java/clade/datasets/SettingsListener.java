package clade.datasets;

/** Hears, inside the transaction that changes them, that settings of a dataset change; what is derived from them follows. */
public interface SettingsListener {

    /** {@code dataset} has its new settings; {@code before} are the ones it had. */
    void settingsChanged(Dataset dataset, Settings before);

    /** The settings that stored data may depend on. */
    record Settings(
            java.time.ZoneId timeZone,
            @org.jspecify.annotations.Nullable String cancellationPattern) {}
}
