package clade.segmentation;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Limits of exports, {@code clade.exports.*}. An export holds a connection to the database and one snapshot of it.
 *
 * @param atOnce exports sent at a time by this instance
 * @param timeLimit an export that takes longer is cut off
 */
@ConfigurationProperties("clade.exports")
record ExportSettings(int atOnce, Duration timeLimit) {

    ExportSettings {
        if (atOnce < 1) {
            throw new IllegalArgumentException("clade.exports.at-once must be at least 1, was " + atOnce);
        }
        if (timeLimit.toMillis() < 1 || timeLimit.toDays() > 1) {
            throw new IllegalArgumentException(
                    "clade.exports.time-limit must be between 1 ms and 1 day, was " + timeLimit);
        }
    }
}
