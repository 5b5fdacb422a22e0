package clade.transactions;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Limits of uploads, {@code clade.uploads.*}.
 *
 * @param atOnce uploads received at a time by this instance
 * @param smallAtOnce uploads of at most {@link UploadBody#SMALL} bytes received at a time, beside the others
 * @param rowLength characters of one record at most
 * @param columns columns of one record at most
 * @param bodySize bytes of one upload at most, unpacked; 0 for any number
 * @param silence a client that sends nothing for so long is cut off
 * @param rejectedRows rejected rows kept of one upload
 * @param directory where the rows of an upload under way wait if they are many
 */
@ConfigurationProperties("clade.uploads")
record UploadSettings(
        int atOnce,
        int smallAtOnce,
        int rowLength,
        int columns,
        long bodySize,
        Duration silence,
        long rejectedRows,
        Path directory) {

    UploadSettings {
        if (atOnce < 1 || smallAtOnce < 1 || rowLength < 1 || columns < 1 || bodySize < 0 || rejectedRows < 0) {
            throw new IllegalArgumentException(
                    "clade.uploads.at-once, small-at-once, row-length and columns must be at least 1, body-size and rejected-rows at least 0");
        }
        if (silence.toMillis() < 1 || silence.toDays() > 1) {
            throw new IllegalArgumentException("clade.uploads.silence must be between 1 ms and 1 day, was " + silence);
        }
    }
}
