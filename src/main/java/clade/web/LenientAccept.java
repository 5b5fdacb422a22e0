package clade.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.ContentNegotiationStrategy;
import org.springframework.web.accept.HeaderContentNegotiationStrategy;
import org.springframework.web.context.request.NativeWebRequest;

/**
 * {@code Accept} chooses between the forms of what is read. A request that changes something is answered in the one form there
 * is: found out after the change, a 406 would deny what has been stored. One that can't be understood says nothing.
 */
class LenientAccept implements ContentNegotiationStrategy {

    private static final Set<String> READING = Set.of("GET", "HEAD");

    private final ContentNegotiationStrategy header = new HeaderContentNegotiationStrategy();

    @Override
    public List<MediaType> resolveMediaTypes(NativeWebRequest request) {
        HttpServletRequest servlet = request.getNativeRequest(HttpServletRequest.class);
        if (servlet == null || !READING.contains(servlet.getMethod())) {
            return MEDIA_TYPE_ALL_LIST;
        }
        try {
            return header.resolveMediaTypes(request);
        } catch (HttpMediaTypeNotAcceptableException e) {
            return MEDIA_TYPE_ALL_LIST;
        }
    }
}
