package clade.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/** Refuses query parameters that an operation does not declare, and those given twice: a misspelt one is never ignored. */
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
        List<Fault> faults =
                UriComponentsBuilder.newInstance()
                        .query(request.getQueryString())
                        .build()
                        .getQueryParams()
                        .entrySet()
                        .stream()
                        .filter(given -> !known.contains(decoded(given.getKey()))
                                || given.getValue().size() > 1)
                        .map(given -> fault(decoded(given.getKey()), known))
                        .toList();
        if (!faults.isEmpty()) {
            throw new Refusal(HttpStatus.BAD_REQUEST, faults.get(0).message(), faults);
        }
        return true;
    }

    private static Fault fault(String name, Set<String> known) {
        if (known.contains(name)) {
            return Fault.ofParameter(
                    name, "repeated-parameter", "The query parameter %s is given more than once".formatted(name));
        }
        return Fault.ofParameter(
                name,
                "unknown-parameter",
                known.isEmpty()
                        ? "This operation takes no query parameters, got " + name
                        : "There is no query parameter %s; known here: %s".formatted(name, String.join(", ", known)));
    }

    private static String decoded(String text) {
        return UriUtils.decode(text.replace('+', ' '), StandardCharsets.UTF_8);
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
