package clade.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.Valve;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/**
 * Reads past the body of a request that was answered before it was read, for many clients look for an answer only when they have
 * sent everything. By itself the container does so for as long as the client likes, and two hundred slow clients that are turned
 * away would hold all its threads; here only while bytes keep coming, for a while, and for few clients at a time.
 */
final class UnreadBodies extends ValveBase {

    private static final int MOST_AT_ONCE = 32;
    private static final long LONGEST_NANOS = 10_000_000_000L;
    private static final long SILENCE_NANOS = 1_000_000_000L;
    private static final int LOOK_MILLIS = 20;

    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    UnreadBodies() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        Valve next = getNext();
        next.invoke(request, response);
        if (request.isAsync() || isRead(request)) {
            return;
        }
        response.finishResponse();
        if (places.tryAcquire()) {
            try {
                readPast(request);
            } catch (IOException e) {
                getContainer().getLogger().debug("The client is gone", e);
            } finally {
                places.release();
            }
        }
        if (!isRead(request)) {
            request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }

    private static boolean isRead(Request request) {
        AtomicBoolean read = new AtomicBoolean();
        request.getCoyoteRequest().action(ActionCode.REQUEST_BODY_FULLY_READ, read);
        return read.get();
    }

    private static void readPast(Request request) throws IOException {
        long start = System.nanoTime();
        long heard = start;
        while (!isRead(request)) {
            long now = System.nanoTime();
            if (now - start > LONGEST_NANOS || now - heard > SILENCE_NANOS) {
                return;
            }
            request.getCoyoteRequest().action(ActionCode.AVAILABLE, true);
            if (request.getCoyoteRequest().getAvailable() > 0) {
                request.getCoyoteRequest().doRead(new Passed());
                heard = now;
            } else {
                pause();
            }
        }
    }

    /** Bytes that nobody wants. */
    private static final class Passed implements ApplicationBufferHandler {

        private ByteBuffer bytes = ByteBuffer.allocate(0);

        @Override
        public void setByteBuffer(ByteBuffer buffer) {
            bytes = buffer;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return bytes;
        }

        @Override
        public void expand(int size) {
            // the container's own buffer is handed over, never one that would have to grow
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while the rest of a request was read past", e);
        }
    }
}
