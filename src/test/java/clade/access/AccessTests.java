package clade.access;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.Api.Answer;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import org.springframework.web.util.UriUtils;

/** The doors of the service, with a key configured and without a database behind them. */
@SpringBootTest(
        classes = AccessTests.Doors.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "clade.api-keys=crm:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b",
            "spring.autoconfigure.exclude=clade.database.EmbeddedPostgresConfiguration,"
                    + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
class AccessTests {

    private static final String[] KEY = {"Authorization", "Bearer secret"};

    @SpringBootConfiguration
    @EnableAutoConfiguration(exclude = UserDetailsServiceAutoConfiguration.class)
    @ComponentScan({"clade.access", "clade.web"})
    @Import({Api.class, Things.class})
    static class Doors {

        /** Asked for requests with an Idempotency-Key alone, which none here has. */
        @Bean
        JdbcClient noDatabase() {
            return JdbcClient.create(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none"));
        }

        @Bean
        TransactionOperations noTransactions() {
            return TransactionOperations.withoutTransaction();
        }
    }

    @RestController
    static class Things {
        @GetMapping("/things/{id}")
        Map<String, String> thing(@PathVariable("id") String id) {
            return Map.of("id", id);
        }

        @GetMapping("/slow")
        void slow(@RequestParam("why") String why, HttpServletResponse response) throws IOException {
            response.sendError(HttpServletResponse.SC_REQUEST_TIMEOUT);
        }

        @GetMapping("/stream")
        StreamingResponseBody stream() {
            return out -> out.write("a,b\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Autowired
    Api api;

    @ParameterizedTest
    @ValueSource(strings = {"/things/1", "/api/v1/datasets", "/actuator/prometheus", "/actuator", "/error", "/nowhere"})
    void withoutAKeyIsRefused(String path) {
        Answer refused = api.get(path);

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.json().get("errors").get(0).get("code").asString()).isEqualTo("api-key-needed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/swagger-ui/../things/1", "/actuator/health/..%2Fprometheus", "/swagger-ui/%2e%2e/things/1"})
    void aDetourThroughAnOpenPathLeadsNowhere(String path) {
        assertThat(api.get(path).status()).isBetween(400, 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/health",
                "/actuator/health/liveness",
                "/actuator/health/readiness",
                "/v3/api-docs",
                "/v3/api-docs.yaml",
                "/v3/api-docs/swagger-config",
                "/swagger-ui/index.html",
                "/swagger-ui/swagger-ui.css"
            })
    void documentationAndHealthNeedNoKey(String path) {
        assertThat(api.get(path).status()).isEqualTo(200);
    }

    @Test
    void swaggerUiIsOneHopAway() {
        Answer moved = api.get("/swagger-ui.html");

        assertThat(moved.status()).isEqualTo(302);
        assertThat(moved.header("Location")).endsWith("/swagger-ui/index.html");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer secret", "bearer secret", "BEARER   secret"})
    void theKeyOpens(String header) {
        assertThat(api.get("/things/1", "Authorization", header).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong", "Bearer secret2", "Bearer Secret", "Bearer crm:secret"})
    void aWrongKeyIsUnauthorized(String header) {
        Answer refused = api.get("/things/1", "Authorization", header);

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
        assertThat(refused.json().get("code").asString()).isEqualTo("unknown-api-key");
        assertThat(refused.body()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "Bearer", "Basic c2VjcmV0", "Token secret"})
    void anotherSchemeIsNoKey(String header) {
        assertThat(api.get("/things/1", "Authorization", header)
                        .json()
                        .get("code")
                        .asString())
                .isEqualTo("api-key-needed");
    }

    @Test
    void metricsAreThereForPrometheusWithTheKey() {
        assertThat(api.get("/actuator/prometheus", KEY).body())
                .contains("jvm_memory_used_bytes")
                .contains("application=\"clade\"");
    }

    @Test
    void aForeignPageIsRefusedEvenWithTheKey() {
        Answer refused = api.get("/things/1", "Authorization", "Bearer secret", "Sec-Fetch-Site", "cross-site");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().get("code").asString()).isEqualTo("foreign-origin");
    }

    @Test
    void aStreamedAnswerArrivesWhole() {
        Answer streamed = api.get("/stream", KEY);

        assertThat(streamed.status()).isEqualTo(200);
        assertThat(streamed.body()).hasSize(40_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b", "/", "//", "a//b", "a;b", ";", "a%b", "%2F", "100%", "a\\b", "a b", "a+b", "a?b#c", "a.b", "...",
                "a,b", "é", "客户", "😀", "a\nb", "a\r\nb", "a\tb", "\"", "'", "<x>", "{id}", "[1]", "a&b=c", "a|b", "~",
                "@"
            })
    void everyIdReachesItsHandler(String id) {
        Answer found = api.get("/things/" + UriUtils.encode(id, StandardCharsets.UTF_8), KEY);

        assertThat(found.status()).as(found.body()).isEqualTo(200);
        assertThat(found.json().get("id").asString()).isEqualTo(id);
    }

    @Test
    void whatTheContainerRefusesIsAProblem() {
        Answer refused = api.get("/slow?why=silence", KEY);

        assertThat(refused.status()).isEqualTo(408);
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.json().get("errors").get(0).get("code").asString()).isEqualTo("request-timeout");
    }

    @Test
    void whatNoHandlerTakesIsAProblem() {
        Answer missing = api.get("/nowhere", KEY);

        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(missing.json().get("detail").asString()).contains("/nowhere");
        assertThat(api.send("POST", "/things/1", "text/plain", BodyPublishers.noBody(), KEY)
                        .status())
                .isEqualTo(405);
    }
}
