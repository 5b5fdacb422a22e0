package clade.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Keeps pages of other sites, open in a browser on this machine, from driving the service: their requests carry a foreign
 * {@code Origin} or {@code Sec-Fetch-Site}, and a name that was re-bound to loopback (DNS rebinding) shows in {@code Host}.
 */
class OtherSites extends OncePerRequestFilter {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final ApiKeys keys;
    private final ProblemWriter problems;

    OtherSites(ApiKeys keys, ProblemWriter problems) {
        this.keys = keys;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // behind a proxy the host has any name, but then keys are demanded, which no foreign page has
        if (keys.isEmpty() && !isLoopback(request.getServerName())) {
            problems.write(
                    response,
                    HttpStatus.FORBIDDEN,
                    "foreign-host",
                    "Without API keys the service answers to localhost, 127.0.0.1 and [::1] only, not to this Host");
        } else if (isForeign(request)) {
            problems.write(
                    response,
                    HttpStatus.FORBIDDEN,
                    "foreign-origin",
                    "Pages of other sites may not call this service from a browser");
        } else {
            chain.doFilter(request, response);
        }
    }

    private static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return LOOPBACK.contains(name) || name.endsWith(".localhost");
    }

    private static boolean isForeign(HttpServletRequest request) {
        // only browsers set it, and no page can; behind a proxy it knows the public scheme and port, which Origin's
        // check can't
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return !site.equals("same-origin") && !site.equals("none") && !isFollowedLink(request);
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        return origin != null && !isSameOrigin(origin, request);
    }

    /** A link to the service that somebody clicks elsewhere only shows a page; its site can't read the answer. */
    private static boolean isFollowedLink(HttpServletRequest request) {
        return HttpMethod.GET.matches(request.getMethod())
                && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
                && "document".equals(request.getHeader("Sec-Fetch-Dest"));
    }

    private static boolean isSameOrigin(String origin, HttpServletRequest request) {
        try {
            URI parsed = URI.create(origin);
            return request.getServerName().equalsIgnoreCase(parsed.getHost())
                    && request.getServerPort() == port(parsed);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static int port(URI origin) {
        return origin.getPort() >= 0 ? origin.getPort() : "https".equals(origin.getScheme()) ? 443 : 80;
    }
}
