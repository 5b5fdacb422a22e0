package clade.transactions;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Limits of uploads, {@code clade.uploads.*}.
 *
 * @param atOnce uploads received at a time by this instance
 * @param rowLength characters of one record at most
 * @param columns columns of one record at most
 * @param bodySize bytes of one upload at most, unpacked; 0 for any number
 * @param rejectedRows rejected rows kept of one upload
 */
@ConfigurationProperties("clade.uploads")
record UploadSettings(int atOnce, int rowLength, int columns, long bodySize, long rejectedRows) {

    UploadSettings {
        if (atOnce < 1 || rowLength < 1 || columns < 1 || bodySize < 0 || rejectedRows < 0) {
            throw new IllegalArgumentException(
                    "clade.uploads.at-once, row-length and columns must be at least 1, body-size and rejected-rows at least 0");
        }
    }
}
