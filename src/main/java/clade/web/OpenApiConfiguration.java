package clade.web;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Map;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** What the whole OpenAPI document shares: title, key, and the one form of every error. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    @Bean
    OpenAPI openApi() {
        ObjectSchema fault = new ObjectSchema();
        fault.addProperty("pointer", new StringSchema().description("JSON pointer into the body"));
        fault.addProperty("parameter", new StringSchema().description("Name of the parameter or header"));
        fault.addProperty("row", new IntegerSchema().description("Number of the data row, from 1"));
        fault.addProperty("code", new StringSchema().description("Stable word for programs"));
        fault.addProperty("message", new StringSchema().description("What is wrong and how to mend it"));
        ObjectSchema problem = new ObjectSchema();
        problem.description("RFC 9457 problem");
        problem.addProperty("type", new StringSchema());
        problem.addProperty("title", new StringSchema());
        problem.addProperty("status", new IntegerSchema());
        problem.addProperty("detail", new StringSchema());
        problem.addProperty("instance", new StringSchema());
        problem.addProperty("code", new StringSchema().description("Code of the first error"));
        problem.addProperty("errors", new ArraySchema().items(fault));
        problem.example(Map.of(
                "type", "about:blank",
                "title", "Bad Request",
                "status", 400,
                "detail", "k must be at least 1, was 0",
                "code", "invalid-value",
                "errors",
                        java.util.List.of(Map.of(
                                "pointer", "/method/k",
                                "code", "invalid-value",
                                "message", "k must be at least 1, was 0"))));
        return new OpenAPI()
                .info(new Info()
                        .title("Clade")
                        .version("1")
                        .description(
                                "Customer segmentation: upload transactions, run a segmentation, pull segments, members "
                                        + "and customer profiles. Start with a dataset, then upload, then segment."))
                .components(new Components()
                        .addSchemas("Problem", problem)
                        .addResponses(
                                "Problem",
                                new ApiResponse()
                                        .description("What is wrong, where, and how to mend it")
                                        .content(new Content()
                                                .addMediaType(
                                                        "application/problem+json", new MediaType().schema(problem))))
                        .addSecuritySchemes(
                                "apiKey",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("Needed only where API keys are configured")))
                .addSecurityItem(new SecurityRequirement().addList("apiKey"));
    }

    /** A response that refers to {@code Problem} would lose its own description: a reference carries none. */
    @Bean
    OperationCustomizer problemsWithTheirDescription() {
        return (operation, handler) -> {
            AnnotatedElementUtils.findMergedRepeatableAnnotations(
                            handler.getMethod(), io.swagger.v3.oas.annotations.responses.ApiResponse.class)
                    .stream()
                    .filter(response -> !response.ref().isEmpty())
                    .forEach(response -> operation
                            .getResponses()
                            .addApiResponse(response.responseCode(), problem(response.description())));
            return operation;
        };
    }

    /** What is the same for many operations is said once here. */
    @Bean
    GlobalOpenApiCustomizer commonParts() {
        return api -> api.getPaths().values().forEach(path -> {
            if (path.getPost() != null) {
                repeatable(path.getPost());
            }
            path.readOperations().forEach(operation -> {
                if (operation.getParameters() != null) {
                    operation.getParameters().stream()
                            .filter(parameter -> parameter.getDescription() == null)
                            .forEach(OpenApiConfiguration::describe);
                }
                if (operation.getRequestBody() != null
                        && !operation.getResponses().containsKey("415")) {
                    operation.getResponses().addApiResponse("415", problem("The body is of another type"));
                }
                if (operation.getParameters() != null
                        && !operation.getResponses().containsKey("400")) {
                    operation.getResponses().addApiResponse("400", problem("A parameter is wrong or unknown"));
                }
                operation
                        .getResponses()
                        .addApiResponse("401", problem("Where API keys are configured: none, or an unknown one"))
                        .addApiResponse("503", problem("Busy, or the database is away: try again after Retry-After"));
            });
        });
    }

    /** Any POST may be sent again without doing its work twice. */
    private static void repeatable(Operation operation) {
        operation.addParametersItem(new HeaderParameter()
                .name(Idempotency.HEADER)
                .description(
                        "Any text of the client's own, another for each request: for a day the same request with the same"
                                + " key gets the answer of the first, and its work is not done twice")
                .schema(new StringSchema().minLength(1).maxLength(255))
                .example("8e03978e-40d5-43e8-bc93-6894a57f9324"));
        also(
                operation,
                "409",
                "The first request with this Idempotency-Key is still worked on: try again after Retry-After");
        also(operation, "422", "The Idempotency-Key came with another request before");
    }

    private static void also(Operation operation, String status, String description) {
        ApiResponse known = operation.getResponses().get(status);
        operation
                .getResponses()
                .addApiResponse(
                        status, problem(known == null ? description : known.getDescription() + ". Or: " + description));
    }

    private static void describe(Parameter parameter) {
        switch (parameter.getName()) {
            case "dataset" -> parameter.description("Key of the dataset").example("shop");
            case "segmentation" ->
                parameter.description("Key of the segmentation").example("rfm");
            case "upload" ->
                parameter.description("Id of the upload, from its report").example("1");
            case "segment" -> parameter.description("Key of the segment").example("champions");
            default -> {}
        }
    }

    private static ApiResponse problem(String description) {
        return new ApiResponse()
                .description(description)
                .content(new Content()
                        .addMediaType(
                                "application/problem+json",
                                new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"))));
    }
}
