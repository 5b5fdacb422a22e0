package clade.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Finds handler methods as usual, but passes over those of paths with another number of segments without a closer look: to
 * compare every pattern was a sixth of the work of looking a customer up.
 */
final class HandlersBySegments extends RequestMappingHandlerMapping {

    /** Per mapping the elements of its paths, segments and slashes; 0 if paths of several lengths match. */
    private final Map<RequestMappingInfo, Integer> lengths = new ConcurrentHashMap<>();

    @Override
    protected @Nullable RequestMappingInfo getMatchingMapping(RequestMappingInfo mapping, HttpServletRequest request) {
        int length = lengths.computeIfAbsent(mapping, HandlersBySegments::length);
        int wanted = ServletRequestPathUtils.getParsedRequestPath(request)
                .pathWithinApplication()
                .elements()
                .size();
        return length == 0 || length == wanted ? super.getMatchingMapping(mapping, request) : null;
    }

    private static int length(RequestMappingInfo mapping) {
        if (mapping.getPathPatternsCondition() == null) {
            return 0;
        }
        int length = -1;
        for (PathPattern pattern : mapping.getPathPatternsCondition().getPatterns()) {
            String text = pattern.getPatternString();
            int elements = PathContainer.parsePath(text).elements().size();
            if (text.contains("**") || text.contains("{*") || (length >= 0 && length != elements)) {
                return 0;
            }
            length = elements;
        }
        return Math.max(0, length);
    }
}
