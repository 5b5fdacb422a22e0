package clade.segmentation;

import clade.database.LargeWork;
import clade.web.Refusal;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.apache.coyote.CloseNowException;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Streams whole lists line by line. As many clients as there are places are served at a time, and none for ever: each of them
 * holds a connection to the database.
 */
@Component
@EnableConfigurationProperties(ExportSettings.class)
class ListSender {

    private static final int BUFFER = 1 << 16;
    private static final int LINES_A_LOOK_AT_THE_CLOCK = 1_000;

    private final ExportSettings settings;
    private final Semaphore places;

    ListSender(ExportSettings settings) {
        this.settings = settings;
        this.places = new Semaphore(settings.atOnce());
    }

    /** {@code list} opens the lines as soon as it knows that there is one, and then writes them. */
    void send(String type, HttpServletResponse response, Consumer<Lines> list) throws IOException {
        if (!places.tryAcquire()) {
            throw Refusal.of(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "too-many-exports",
                            "%d lists are being sent, which is the most at a time (clade.exports.at-once); try again"
                                    .formatted(settings.atOnce()))
                    .withHeader(HttpHeaders.RETRY_AFTER, "5");
        }
        try {
            Lines lines = new Lines(type, response, settings.timeLimit());
            LargeWork.run(() -> list.accept(lines));
            lines.out.flush();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            places.release();
        }
    }

    /** A list on its way; nothing is sent before it is opened. */
    static final class Lines {

        private final String type;
        private final HttpServletResponse response;
        private final long deadline;
        private final StringBuilder line = new StringBuilder();
        private Writer out = Writer.nullWriter();
        private int untilLook = LINES_A_LOOK_AT_THE_CLOCK;

        private Lines(String type, HttpServletResponse response, Duration timeLimit) {
            this.type = type;
            this.response = response;
            this.deadline = System.nanoTime() + timeLimit.toNanos();
        }

        void open() {
            response.setContentType(type);
            response.setCharacterEncoding(StandardCharsets.UTF_8);
            try {
                out = new BufferedWriter(
                        new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8), BUFFER);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The line to write into, empty. */
        StringBuilder line() {
            return line;
        }

        /** Sends the line and begins another. */
        void end() {
            try {
                out.append(line.append('\n'));
                line.setLength(0);
                if (--untilLook == 0) {
                    untilLook = LINES_A_LOOK_AT_THE_CLOCK;
                    if (System.nanoTime() > deadline) {
                        // a list that breaks off must not look complete: the container cuts the connection
                        throw new CloseNowException("the list was not taken within clade.exports.time-limit");
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
