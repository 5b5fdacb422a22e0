package clade.support;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL for tests: a container where a Docker engine with the image is at hand, else the embedded server.
 * {@code -Dtest.db=docker} or {@code embedded} forces either.
 */
@TestConfiguration(proxyBeanMethods = false)
@Import({TestDatabase.Container.class, TestDatabase.Embedded.class})
public class TestDatabase {

    private static final String IMAGE = "postgres:18-alpine";
    private static final boolean DOCKER = decide();

    private static boolean decide() {
        String wanted = System.getProperty("test.db", "auto");
        boolean docker = switch (wanted) {
            case "docker" -> true;
            case "embedded" -> false;
            case "auto" -> engineHasImage();
            default -> throw new IllegalArgumentException("test.db is docker, embedded or auto, was " + wanted);
        };
        LoggerFactory.getLogger(TestDatabase.class)
                .info("Database tests run on {}", docker ? "Testcontainers, " + IMAGE : "the embedded PostgreSQL");
        return docker;
    }

    /** Asks for the image too: an engine that must pull first may hang for minutes where there is no network. */
    private static boolean engineHasImage() {
        try {
            DockerClientFactory engine = DockerClientFactory.instance();
            if (!engine.isDockerAvailable()) {
                return false;
            }
            engine.client().inspectImageCmd(IMAGE).exec();
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    static class WithDocker implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return DOCKER;
        }
    }

    static class WithoutDocker implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !DOCKER;
        }
    }

    @TestConfiguration(proxyBeanMethods = false)
    @Conditional(WithDocker.class)
    static class Container {
        @Bean
        @ServiceConnection
        PostgreSQLContainer postgres() {
            return new PostgreSQLContainer(IMAGE);
        }
    }

    @TestConfiguration(proxyBeanMethods = false)
    @Conditional(WithoutDocker.class)
    static class Embedded {
        @Bean(destroyMethod = "close")
        EmbeddedPostgres postgres() throws IOException {
            return EmbeddedPostgres.builder()
                    .setRegisterShutdownHook(false)
                    .setServerConfig("unix_socket_directories", "")
                    .start();
        }

        @Bean
        JdbcConnectionDetails connectionDetails(EmbeddedPostgres server) {
            return new JdbcConnectionDetails() {
                @Override
                public String getUsername() {
                    return "postgres";
                }

                @Override
                public String getPassword() {
                    return "";
                }

                @Override
                public String getJdbcUrl() {
                    return server.getJdbcUrl("postgres", "postgres");
                }
            };
        }
    }
}
