package clade.access;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OtherSitesTests {

    private static final ApiKeys NO_KEYS = ApiKeys.of(List.of());
    private static final JsonMapper JSON = JsonMapper.builder()
            .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
            .build();
    private static final ApiKeys KEYS = ApiKeys.of(List.of("crm:" + "0".repeat(64)));

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost", "127.0.0.1", "[::1]", "clade.localhost"})
    void programsOnThisMachineGetThrough(String host) throws Exception {
        assertThat(codeOf(NO_KEYS, request("POST", host))).isEqualTo("passed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "localhost.evil.example", "127.0.0.1.nip.example", "192.0.2.7", "0.0.0.0"})
    void aNameReboundToLoopbackIsRefusedWhereNoKeyIsDemanded(String host) throws Exception {
        assertThat(codeOf(NO_KEYS, request("GET", host))).isEqualTo("foreign-host");
        assertThat(codeOf(KEYS, request("GET", host))).isEqualTo("passed");
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080,          passed",
        "http://LOCALHOST:8080,          passed",
        "http://localhost:3000,          foreign-origin",
        "http://localhost,               foreign-origin",
        "http://127.0.0.1:8080,          foreign-origin",
        "https://evil.example,           foreign-origin",
        "http://localhost.evil.example,  foreign-origin",
        "null,                           foreign-origin",
        "'not a url',                    foreign-origin",
        "'',                             foreign-origin"
    })
    void theOriginMustBeTheServiceItself(String origin, String expected) throws Exception {
        MockHttpServletRequest request = request("POST", "localhost");
        request.addHeader("Origin", origin);

        assertThat(codeOf(NO_KEYS, request)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "same-origin, passed",
        "none,        passed",
        "same-site,   foreign-origin",
        "cross-site,  foreign-origin",
        "unheard-of,  foreign-origin"
    })
    void theBrowsersOwnWordCountsWithAndWithoutKeys(String site, String expected) throws Exception {
        for (ApiKeys keys : List.of(NO_KEYS, KEYS)) {
            for (String method : List.of("GET", "POST", "DELETE")) {
                MockHttpServletRequest request = request(method, "localhost");
                request.addHeader("Sec-Fetch-Site", site);

                assertThat(codeOf(keys, request)).isEqualTo(expected);
            }
        }
    }

    @Test
    void swaggerUiWorksBehindAProxyThatEndsTls() throws Exception {
        MockHttpServletRequest request = request("POST", "clade.example");
        request.addHeader("Sec-Fetch-Site", "same-origin");
        request.addHeader("Origin", "https://clade.example");

        assertThat(codeOf(KEYS, request)).isEqualTo("passed");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  navigate, document, passed",
        "POST, navigate, document, foreign-origin",
        "GET,  navigate, iframe,   foreign-origin",
        "GET,  no-cors,  image,    foreign-origin",
        "GET,  no-cors,  script,   foreign-origin",
        "GET,  cors,     empty,    foreign-origin"
    })
    void aLinkElsewhereMayBeFollowedAndNothingElse(String method, String mode, String destination, String expected)
            throws Exception {
        MockHttpServletRequest request = request(method, "localhost");
        request.addHeader("Sec-Fetch-Site", "cross-site");
        request.addHeader("Sec-Fetch-Mode", mode);
        request.addHeader("Sec-Fetch-Dest", destination);

        assertThat(codeOf(NO_KEYS, request)).isEqualTo(expected);
    }

    private static MockHttpServletRequest request(String method, String host) {
        MockHttpServletRequest request = new MockHttpServletRequest(method, "/api/v1/datasets");
        request.setServerName(host);
        request.setServerPort(8080);
        return request;
    }

    /** "passed", or the code of the problem that is answered with 403. */
    private static String codeOf(ApiKeys keys, MockHttpServletRequest request) throws ServletException, IOException {
        MockHttpServletResponse response = new MockHttpServletResponse();
        MockFilterChain chain = new MockFilterChain();
        new OtherSites(keys, new ProblemWriter(JSON)).doFilter(request, response, chain);
        if (chain.getRequest() != null) {
            return "passed";
        }
        assertThat(response.getStatus()).isEqualTo(403);
        assertThat(response.getContentType()).isEqualTo("application/problem+json");
        JsonNode problem = JSON.readTree(response.getContentAsString());
        assertThat(problem.get("errors").get(0).get("code")).isEqualTo(problem.get("code"));
        return problem.get("code").asString();
    }
}
