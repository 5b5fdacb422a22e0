package clade.access;

import jakarta.servlet.DispatcherType;
import java.net.InetAddress;
import java.util.List;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

    @Bean
    ApiKeys apiKeys(Environment environment, ServerProperties server) {
        ApiKeys keys = ApiKeys.of(Binder.get(environment)
                .bind("clade.api-keys", Bindable.listOf(String.class))
                .orElse(List.of()));
        InetAddress address = server.getAddress();
        if (keys.isEmpty() && (address == null || !address.isLoopbackAddress())) {
            throw new InvalidConfigurationPropertyValueException(
                    "server.address",
                    address == null ? "" : address.getHostAddress(),
                    "whoever reaches it could read and change everything, so anything but loopback demands API keys. "
                            + "Print one with `java -jar clade.jar new-api-key NAME` and set clade.api-keys (in the environment: CLADE_APIKEYS)");
        }
        return keys;
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http, ApiKeys keys, JsonMapper json) {
        ProblemWriter problems = new ProblemWriter(json);
        http.csrf(AbstractHttpConfigurer::disable) // nothing here reads a cookie; OtherSites keeps foreign pages out
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.cacheControl(cache -> cache.disable()))
                .addFilterBefore(new OtherSites(keys, problems), AnonymousAuthenticationFilter.class);
        if (keys.isEmpty()) {
            http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll());
        } else {
            http.addFilterBefore(new ApiKeyFilter(keys, problems), AuthorizationFilter.class)
                    .authorizeHttpRequests(requests -> requests
                            // an answer that is streamed, or an error's page: the request itself was let in before
                            .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                            .permitAll()
                            .requestMatchers(
                                    "/",
                                    "/actuator/health",
                                    "/actuator/health/liveness",
                                    "/actuator/health/readiness",
                                    "/v3/api-docs",
                                    "/v3/api-docs.yaml",
                                    "/v3/api-docs/swagger-config",
                                    "/swagger-ui.html",
                                    "/swagger-ui/**",
                                    "/webjars/**")
                            .permitAll()
                            .anyRequest()
                            .authenticated())
                    .exceptionHandling(handling -> handling.authenticationEntryPoint((request, response, e) -> {
                                response.setHeader("WWW-Authenticate", "Bearer");
                                problems.write(
                                        response,
                                        HttpStatus.UNAUTHORIZED,
                                        "api-key-needed",
                                        "This service demands an API key: send the header Authorization: Bearer KEY");
                            })
                            .accessDeniedHandler((request, response, e) -> problems.write(
                                    response, HttpStatus.FORBIDDEN, "not-allowed", "This key may not do that")));
        }
        return http.build();
    }

    /** No timing of each filter and decision: it would cost a look-up of a customer as much as the look-up itself. */
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    /** Customer ids may hold any character, so an encoded one in a path is no attack: nothing here maps paths to files. */
    @Bean
    HttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowUrlEncodedSlash(true);
        firewall.setAllowUrlEncodedDoubleSlash(true);
        firewall.setAllowUrlEncodedPercent(true);
        firewall.setAllowUrlEncodedPeriod(true);
        firewall.setAllowUrlEncodedLineFeed(true);
        firewall.setAllowUrlEncodedCarriageReturn(true);
        firewall.setAllowUrlEncodedLineSeparator(true);
        firewall.setAllowUrlEncodedParagraphSeparator(true);
        firewall.setAllowBackSlash(true);
        firewall.setAllowSemicolon(true);
        return firewall;
    }

    @Bean
    RequestRejectedHandler rejectedRequests(JsonMapper json) {
        ProblemWriter problems = new ProblemWriter(json);
        return (request, response, e) -> problems.write(
                response, HttpStatus.BAD_REQUEST, "malformed-request", "The request is malformed: " + e.getMessage());
    }
}
