package clade.transactions;

import clade.web.Refusal;
import clade.web.SpreadsheetCells;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The rejected rows of an upload as a file that can be mended and sent again. */
@Repository
class RejectedRows {

    /** What is added behind the original columns, and ignored when it comes back. */
    private static final List<String> ADDED = List.of("clade_row", "clade_column", "clade_code", "clade_message");

    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final JsonMapper json;

    RejectedRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** The names of the columns of a completed upload's file; 409 while there is none. */
    @Transactional(readOnly = true)
    List<String> originalColumns(UploadReport upload) {
        if (!upload.status().equals("completed")) {
            throw Refusal.conflict(
                    "upload-not-completed",
                    "The upload %s is %s: only a completed one has rejected rows"
                            .formatted(upload.id(), upload.status()));
        }
        return json.readValue(
                jdbc.sql("select original_columns from upload where id = :upload")
                        .param("upload", Long.valueOf(upload.id()))
                        .query(String.class)
                        .single(),
                TEXTS);
    }

    /** Writes the rows in their order, as they were but for cells that a spreadsheet would run. */
    @Transactional(readOnly = true)
    void write(UploadReport upload, List<String> originalColumns, Writer out) {
        CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out);
        csv.writeRecord(cells(Stream.concat(originalColumns.stream(), ADDED.stream())));
        jdbc.sql("""
                        select fields, row_number, column_name, code, message from upload_rejected_row
                        where upload_id = :upload order by row_number""")
                .param("upload", Long.valueOf(upload.id()))
                .withFetchSize(1000)
                .query(row -> {
                    List<String> fields = new ArrayList<>(json.readValue(row.getString(1), TEXTS));
                    while (fields.size() < originalColumns.size()) {
                        fields.add("");
                    }
                    Stream<String> added =
                            Stream.of(row.getString(2), row.getString(3), row.getString(4), row.getString(5));
                    csv.writeRecord(cells(Stream.concat(fields.stream(), added)));
                });
        try {
            csv.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> cells(Stream<String> texts) {
        return texts.map(SpreadsheetCells::written).toList();
    }
}
