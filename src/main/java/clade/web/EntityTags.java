package clade.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/**
 * Gives every JSON answer an {@code ETag} of its content, and answers 304 where the client has it already. Streamed lists
 * are left alone: the tag would need them whole.
 */
@Component
class EntityTags extends ShallowEtagHeaderFilter {

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getRequestURI().startsWith("/api/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        boolean streamed = request.getRequestURI().endsWith("/rejected")
                || (accept != null && (accept.contains("text/csv") || accept.contains("application/x-ndjson")));
        if (streamed) {
            chain.doFilter(request, response);
        } else {
            super.doFilterInternal(request, response, chain);
        }
    }

    @Override
    protected boolean isEligibleForEtag(
            HttpServletRequest request, HttpServletResponse response, int status, java.io.InputStream body) {
        String type = response.getContentType();
        return super.isEligibleForEtag(request, response, status, body)
                && type != null
                && MediaType.parseMediaType(type).isCompatibleWith(MediaType.APPLICATION_JSON);
    }
}
