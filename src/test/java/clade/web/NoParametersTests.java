package clade.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.core.MethodParameter;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.ServletRequestDataBinderFactory;

class NoParametersTests {

    record Wanted(@Nullable String charset, @Nullable String delimiter) {}

    record Counted(int limit) {}

    @SuppressWarnings("unused")
    void handle(@ParameterObject Wanted wanted, @ParameterObject Counted counted, Wanted bare) {}

    private final NoParameters resolver = new NoParameters();

    @Test
    void whereThereAreNoneOneRecordServesEveryRequest() throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/transactions");
        request.addHeader("charset", "UTF-16");

        Object first = resolve(request);

        assertThat(first).isEqualTo(new Wanted(null, null)).isSameAs(resolve(new MockHttpServletRequest()));
    }

    @Test
    void whereThereAreSomeTheyAreBound() throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/transactions");
        request.setQueryString("delimiter=tab");
        request.setParameter("delimiter", "tab");

        assertThat(resolve(request)).isEqualTo(new Wanted(null, "tab"));
        assertThat(resolve(new MockHttpServletRequest())).isEqualTo(new Wanted(null, null));
    }

    @Test
    void otherParametersAreLeftToOthers() throws Exception {
        assertThat(resolver.supportsParameter(parameter(0))).isTrue();
        assertThat(resolver.supportsParameter(parameter(1))).isFalse();
        assertThat(resolver.supportsParameter(parameter(2))).isFalse();
    }

    private @Nullable Object resolve(MockHttpServletRequest request) throws Exception {
        return resolver.resolveArgument(
                parameter(0),
                new ModelAndViewContainer(),
                new ServletWebRequest(request),
                new ServletRequestDataBinderFactory(null, null));
    }

    private static MethodParameter parameter(int index) throws NoSuchMethodException {
        return new MethodParameter(
                NoParametersTests.class.getDeclaredMethod("handle", Wanted.class, Counted.class, Wanted.class), index);
    }
}
