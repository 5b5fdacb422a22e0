package clade.transactions;

import clade.customers.AttributeChanges;
import clade.customers.Attributes;
import clade.datasets.Dataset;
import clade.web.Refusal;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Takes a file of customers: reads and stages its rows, decides types and formats, and has them stored. */
@Service
class CustomerFiles {

    private static final int ATTEMPTS = 10;

    private final Attributes attributes;
    private final CustomerStore store;
    private final UploadSettings settings;
    private final JsonMapper json;

    CustomerFiles(Attributes attributes, CustomerStore store, UploadSettings settings, JsonMapper json) {
        this.attributes = attributes;
        this.store = store;
        this.settings = settings;
        this.json = json;
    }

    /** Stores the attributes of the file's customers. No membership changes. */
    void store(Dataset dataset, long upload, UploadBody body, CustomerParameters parameters) throws IOException {
        ReadingLimits limits = new ReadingLimits(settings.rowLength(), settings.columns());
        RecordsReader reader = new RecordsReader(body, parameters, limits, settings.bodySize());
        try (Staging staging = new Staging(settings.directory(), upload)) {
            CustomerReading reading =
                    new CustomerReading(dataset, reader, parameters, staging, settings.rejectedRows(), json);
            reading.read(body, attributes.kept(dataset.id()));
            for (int attempt = 1; ; attempt++) {
                try {
                    store.store(dataset.id(), upload, staging, reading);
                    return;
                } catch (AttributeChanges.TypesChanged e) {
                    giveUpAfter(attempt, e);
                    reading.readAgain(attributes.kept(dataset.id()));
                }
            }
        }
    }

    private static void giveUpAfter(int attempt, AttributeChanges.TypesChanged e) {
        if (attempt == ATTEMPTS) {
            throw Refusal.of(HttpStatus.SERVICE_UNAVAILABLE, "contended", e.getMessage() + "; send it again")
                    .withHeader(HttpHeaders.RETRY_AFTER, "5");
        }
    }
}
