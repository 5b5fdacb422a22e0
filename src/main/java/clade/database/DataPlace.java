package clade.database;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Says, once the service is ready, where the data lies. */
@Component
class DataPlace {

    private static final Logger LOG = LoggerFactory.getLogger(DataPlace.class);

    private final ObjectProvider<DataDirectory> directory;
    private final ObjectProvider<JdbcConnectionDetails> server;

    DataPlace(ObjectProvider<DataDirectory> directory, ObjectProvider<JdbcConnectionDetails> server) {
        this.directory = directory;
        this.server = server;
    }

    @EventListener(ApplicationReadyEvent.class)
    @Order(1) // below the line that says where to look
    void ready() {
        DataDirectory own = directory.getIfAvailable();
        if (own != null) {
            LOG.info("Data: {} (embedded PostgreSQL)", own);
        } else {
            // what follows a question mark may hold a password
            server.ifAvailable(
                    details -> LOG.info("Data: {}", details.getJdbcUrl().split("\\?", 2)[0]));
        }
    }
}
