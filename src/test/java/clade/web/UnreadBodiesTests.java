package clade.web;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.CladeTest;
import clade.support.RawHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Who is refused before the body was read gets the answer, and does not keep others from theirs. */
@CladeTest
class UnreadBodiesTests {

    /** More than the container has threads. */
    private static final int CLIENTS = 250;

    private static final int LARGE = 20_000_000;

    @Autowired
    Api api;

    @Test
    void manySlowClientsThatAreRefusedDoNotHoldUpALookUp() throws IOException {
        String dataset = api.newDataset();
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port());
                socket.getOutputStream().write(head(1_000_000));
                slow.add(socket);
            }
            long start = System.nanoTime();
            assertThat(api.get(dataset).status()).isEqualTo(200);
            // they would go on for a minute
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void aClientThatSendsAllBeforeItReadsGetsTheRefusal() throws IOException {
        byte[] head = head(LARGE);
        byte[] request = new byte[head.length + LARGE];
        System.arraycopy(head, 0, request, 0, head.length);

        assertThat(RawHttp.send(api.port(), request).status()).isEqualTo(404);
    }

    private static byte[] head(int length) {
        return """
                POST /api/v1/datasets/nobody-made-this/transactions HTTP/1.1\r
                Host: localhost\r
                Content-Type: text/csv\r
                Content-Length: %d\r
                \r
                """.formatted(length).getBytes(StandardCharsets.US_ASCII);
    }
}
