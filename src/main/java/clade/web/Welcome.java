package clade.web;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Says, once the service is ready, where to look. */
@Component
class Welcome {

    private static final Logger LOG = LoggerFactory.getLogger(Welcome.class);

    private final ServerProperties server;

    Welcome(ServerProperties server) {
        this.server = server;
    }

    @EventListener
    @Order(0)
    void ready(ApplicationReadyEvent event) {
        if (event.getApplicationContext() instanceof WebServerApplicationContext web && web.getWebServer() != null) {
            LOG.info(
                    "Clade is ready. Swagger UI: http://{}:{}/swagger-ui.html",
                    host(server.getAddress()),
                    web.getWebServer().getPort());
        }
    }

    /** The address as a browser on this machine takes it. */
    static String host(@Nullable InetAddress address) {
        if (address == null || address.isAnyLocalAddress()) {
            return "localhost";
        }
        return address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }
}
