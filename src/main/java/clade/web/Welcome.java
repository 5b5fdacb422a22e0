package clade.web;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Says, once the service is ready, where to look and where the data lies. */
@Component
class Welcome {

    private static final Logger LOG = LoggerFactory.getLogger(Welcome.class);

    private final DataSource database;

    Welcome(DataSource database) {
        this.database = database;
    }

    @EventListener
    void ready(ApplicationReadyEvent event) throws SQLException {
        if (!(event.getApplicationContext() instanceof WebServerApplicationContext web) || web.getWebServer() == null) {
            return;
        }
        var environment = event.getApplicationContext().getEnvironment();
        String address = environment.getProperty("server.address", "127.0.0.1");
        LOG.info(
                "Clade is ready. Swagger UI: http://{}:{}/swagger-ui.html",
                address,
                web.getWebServer().getPort());
        if (environment.containsProperty("spring.datasource.url")) {
            try (Connection connection = database.getConnection()) {
                LOG.info("Data: {}", connection.getMetaData().getURL());
            }
        } else {
            LOG.info("Data: {} (embedded PostgreSQL)", environment.getProperty("clade.data-directory"));
        }
    }
}
