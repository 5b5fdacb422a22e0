package clade.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** A request whose body is fingerprinted while it streams by; nothing of it is kept. */
final class ObservedBody extends HttpServletRequestWrapper {

    /** So much that nobody has read is read past, to know the whole; more than that is left alone. */
    private static final int READ_PAST = 1 << 20;

    private final Fingerprint fingerprint;
    private @Nullable Observed body;
    private boolean broken;

    ObservedBody(HttpServletRequest request) {
        super(request);
        fingerprint = new Fingerprint(boundary(request.getContentType()));
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (body == null) {
            body = new Observed(super.getInputStream());
        }
        return body;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        Charset charset =
                getCharacterEncoding() == null ? StandardCharsets.ISO_8859_1 : Charset.forName(getCharacterEncoding());
        return new BufferedReader(new InputStreamReader(getInputStream(), charset));
    }

    /** Of the whole body; null if too much of it was left unread, or it broke off. */
    byte @Nullable [] fingerprint() {
        if (broken) {
            return null;
        }
        try {
            ServletInputStream in = getInputStream();
            in.skip(READ_PAST);
            return in.read() >= 0 ? null : fingerprint.value();
        } catch (IOException e) {
            return null;
        }
    }

    /** Reads the whole body, however long it is, for its fingerprint. */
    byte[] readAll() throws IOException {
        byte[] buffer = new byte[1 << 16];
        ServletInputStream in = getInputStream();
        while (in.read(buffer) >= 0) {
            // the stream itself takes the fingerprint
        }
        return fingerprint.value();
    }

    /** The type of the body without the boundary of its parts. */
    static String kind(@Nullable String contentType) {
        String boundary = boundary(contentType);
        return boundary.isEmpty()
                ? String.valueOf(contentType)
                : Objects.requireNonNull(contentType).replace(boundary, "");
    }

    private static String boundary(@Nullable String contentType) {
        try {
            MediaType type = contentType == null ? null : MediaType.parseMediaType(contentType);
            String boundary =
                    type == null || !type.getType().equals("multipart") ? null : type.getParameter("boundary");
            return boundary == null ? "" : boundary.replace("\"", "");
        } catch (InvalidMediaTypeException e) {
            return "";
        }
    }

    private final class Observed extends ServletInputStream {

        private final ServletInputStream in;

        Observed(ServletInputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            broken = true;
            int count = in.read(buffer, offset, length);
            broken = false;
            if (count > 0) {
                fingerprint.add(buffer, offset, count);
            }
            return count;
        }

        /** Left open: what nobody has read is still to be seen. */
        @Override
        public void close() {}

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
