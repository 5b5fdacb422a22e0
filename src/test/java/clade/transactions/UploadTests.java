package clade.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.CladeTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@CladeTest
class UploadTests {

    @Autowired
    private Api api;

    @Test
    void onlineRetailIsReportedRowByRow() throws IOException {
        String dataset = api.newDataset();

        JsonNode report = uploadedGzip(dataset, "online_retail.csv.gz").json();

        assertThat(report.get("status").asString()).isEqualTo("completed");
    }

    private Api.Answer uploadedGzip(String dataset, String file) throws IOException {
        return api.send(
                "POST",
                dataset + "/transactions",
                "text/csv",
                BodyPublishers.ofByteArray(bytes(file)),
                "Content-Encoding",
                "gzip");
    }

    private static byte[] bytes(String file) throws IOException {
        try (InputStream in = UploadTests.class.getResourceAsStream("/data/" + file)) {
            return in.readAllBytes();
        }
    }
}
