package clade.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.DependsOn;

/**
 * Starts a real PostgreSQL of Clade's own, its files kept in {@code clade.data-directory}, unless {@code
 * spring.datasource.url} names a server or something else (a test) brings one.
 */
@AutoConfiguration(before = DataSourceAutoConfiguration.class)
@ConditionalOnMissingBean(JdbcConnectionDetails.class)
@Conditional(EmbeddedPostgresConfiguration.NoUrl.class)
public class EmbeddedPostgresConfiguration {

    @Bean
    DataDirectory dataDirectory(@Value("${clade.data-directory}") Path path) throws IOException {
        return DataDirectory.take(path);
    }

    @Bean(destroyMethod = "close")
    EmbeddedPostgres embeddedPostgres(DataDirectory directory) throws IOException {
        directory.recover();
        try {
            if (Files.notExists(directory.cluster())) {
                Path fresh = directory.unfinishedCluster();
                start(directory, fresh).close();
                directory.keep(fresh);
            }
            return start(directory, directory.cluster());
        } catch (IOException | IllegalStateException e) {
            throw new IllegalStateException(
                    "The embedded PostgreSQL in %s did not start. With --logging.level.io.zonky.test=info the log holds what it says"
                            .formatted(directory.cluster()),
                    e);
        }
    }

    @Bean
    @DependsOn("embeddedPostgres")
    ServerWatch serverWatch(DataDirectory directory) {
        return new ServerWatch(directory);
    }

    private static EmbeddedPostgres start(DataDirectory directory, Path cluster) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(cluster)
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(directory.binaries().toFile())
                // its hook would stop the server while Spring still uses it: the bean's end stops it, after the pool
                .setRegisterShutdownHook(false)
                // after a crash it may have gigabytes of log to replay before it answers, on a slow disk beside other
                // work
                .setPGStartupWait(Duration.ofMinutes(10))
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setLocaleConfig("locale", "C")
                // these follow initdb's own "-A trust" and so replace it
                .setLocaleConfig("auth-host", "scram-sha-256")
                .setLocaleConfig("auth-local", "scram-sha-256")
                .setLocaleConfig("pwfile", directory.passwordFile().toString())
                .setConnectConfig("password", directory.password())
                // the library's defaults are for tests that may lose data
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("max_connections", "100")
                .setServerConfig("shared_buffers", "256MB")
                .setServerConfig("work_mem", "16MB")
                .setServerConfig("maintenance_work_mem", "128MB")
                .setServerConfig("max_wal_size", "4GB")
                .setServerConfig("wal_compression", "on")
                .setServerConfig("jit", "off")
                // what it reads is mostly in the memory of the system: handing that to helpers costs more than it saves
                .setServerConfig("io_method", "sync")
                .setServerConfig("timezone", "UTC")
                .start();
    }

    @Bean
    JdbcConnectionDetails embeddedConnectionDetails(EmbeddedPostgres server, DataDirectory directory) {
        return new JdbcConnectionDetails() {
            @Override
            public String getUsername() {
                return "postgres";
            }

            @Override
            public String getPassword() {
                return directory.password();
            }

            @Override
            public String getJdbcUrl() {
                return "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(server.getPort());
            }
        };
    }

    static class NoUrl extends NoneNestedConditions {
        NoUrl() {
            super(ConfigurationPhase.PARSE_CONFIGURATION);
        }

        @ConditionalOnProperty("spring.datasource.url")
        static class Url {}
    }
}
