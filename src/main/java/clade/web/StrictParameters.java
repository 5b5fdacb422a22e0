package clade.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses query parameters that an operation does not declare, those given twice and those that are not percent-encoded UTF-8
 * text: a misspelt one is never ignored, a broken one never guessed.
 */
class StrictParameters implements HandlerInterceptor {

    private final Map<HandlerMethod, Set<String>> declared = new ConcurrentHashMap<>();

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getQueryString() == null
                || !(handler instanceof HandlerMethod method)
                || !method.getBeanType().getPackageName().startsWith("clade.")) {
            return true;
        }
        Set<String> known = declared.computeIfAbsent(method, StrictParameters::declaredBy);
        Set<String> seen = new TreeSet<>();
        for (String pair : request.getQueryString().split("&", -1)) {
            if (!pair.isEmpty()) {
                check(pair, known, seen);
            }
        }
        return true;
    }

    private static void check(String pair, Set<String> known, Set<String> seen) {
        int equals = pair.indexOf('=');
        String rawName = equals < 0 ? pair : pair.substring(0, equals);
        String name = decoded(rawName).orElse(rawName);
        if (decoded(pair).isEmpty()) {
            throw Refusal.badParameter(
                    name, "malformed-parameter", "%s must be percent-encoded UTF-8 without NUL".formatted(name));
        }
        if (!known.contains(name)) {
            throw Refusal.badParameter(
                    name,
                    "unknown-parameter",
                    known.isEmpty()
                            ? "This operation takes no query parameters, got " + name
                            : "There is no query parameter %s; known here: %s"
                                    .formatted(name, String.join(", ", known)));
        }
        if (!seen.add(name)) {
            throw Refusal.badParameter(
                    name, "repeated-parameter", "The query parameter %s is given more than once".formatted(name));
        }
    }

    /** Empty if it is not the percent-encoding of UTF-8 text, or holds a NUL, which no stored text can. */
    private static Optional<String> decoded(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                boolean complete = i + 2 < encoded.length();
                int high = complete ? Character.digit(encoded.charAt(i + 1), 16) : -1;
                int low = complete ? Character.digit(encoded.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0 || high + low == 0) {
                    return Optional.empty();
                }
                bytes.write(16 * high + low);
                i += 2;
            } else {
                bytes.write(c == '+' ? ' ' : c);
            }
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static Set<String> declaredBy(HandlerMethod method) {
        Set<String> names = new LinkedHashSet<>();
        for (MethodParameter parameter : method.getMethodParameters()) {
            RequestParam single = parameter.getParameterAnnotation(RequestParam.class);
            if (single != null) {
                names.add(
                        single.name().isEmpty()
                                ? String.valueOf(parameter.getParameter().getName())
                                : single.name());
            } else if (parameter.hasParameterAnnotation(ParameterObject.class)) {
                Arrays.stream(parameter.getParameterType().getRecordComponents())
                        .forEach(component -> names.add(component.getName()));
            }
        }
        return names;
    }
}
