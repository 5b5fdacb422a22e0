package clade.transactions;

import clade.web.Fault;
import clade.web.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.MultipartStream.MalformedStreamException;
import org.apache.tomcat.util.http.fileupload.UploadContext;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * The file inside a request, as a stream: nothing of it is kept.
 *
 * @param client the connection that it comes from
 * @param file its bytes as they are sent, which may be gzip
 * @param isSmall whether the request says that it has at most {@link #SMALL} bytes, and they are not packed
 * @param gzip true if the request says so; it is recognised without that too
 * @param charset declared by the request, if any
 */
record UploadBody(
        ClientStream client,
        InputStream file,
        Kind kind,
        boolean isSmall,
        boolean gzip,
        @Nullable String charset) {

    /** Bytes of a small upload at most: some hundred rows. */
    static final int SMALL = 1 << 16;

    /** How the records of a file are written. */
    enum Kind {
        DELIMITED,
        JSON_LINES,
        JSON
    }

    private static final String ACCEPTED = "text/csv, application/x-ndjson, application/json, multipart/form-data";

    /** The body of the request; 415 if it is of another type or packed in an unknown way. */
    static UploadBody of(HttpServletRequest request) throws IOException {
        MediaType type = mediaType(request.getContentType());
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        boolean gzip =
                encoding != null && encoding.strip().toLowerCase(Locale.ROOT).matches("x-gzip|gzip");
        if (encoding != null && !gzip && !encoding.strip().equalsIgnoreCase("identity")) {
            throw unsupported(
                            HttpHeaders.CONTENT_ENCODING,
                            "unsupported-encoding",
                            "Content-Encoding must be gzip or absent, was " + encoding)
                    .withHeader(HttpHeaders.ACCEPT_ENCODING, "gzip");
        }
        long length = request.getContentLengthLong();
        boolean isSmall = !gzip && length >= 0 && length <= SMALL;
        ClientStream client = new ClientStream(request.getInputStream());
        if (type.isCompatibleWith(MediaType.MULTIPART_FORM_DATA)) {
            InputStream whole = gzip ? Unpacked.gunzip(client) : client;
            return part(client, whole, isSmall, String.valueOf(request.getContentType()));
        }
        return new UploadBody(client, client, kind(type), isSmall, gzip, type.getParameter("charset"));
    }

    private static MediaType mediaType(@Nullable String contentType) {
        try {
            MediaType type = contentType == null ? null : MediaType.parseMediaType(contentType);
            if (type != null && (type.isCompatibleWith(MediaType.MULTIPART_FORM_DATA) || known(type))) {
                return type;
            }
        } catch (InvalidMediaTypeException e) {
            // answered as any other type that is not read here
        }
        throw unsupported(
                        HttpHeaders.CONTENT_TYPE,
                        "unsupported-type",
                        "Content-Type must be one of %s, was %s".formatted(ACCEPTED, contentType))
                .withHeader(HttpHeaders.ACCEPT, ACCEPTED);
    }

    private static boolean known(MediaType type) {
        String name = type.getType() + "/" + type.getSubtype();
        return List.of("text/csv", "application/x-ndjson", "application/json").contains(name);
    }

    private static Kind kind(MediaType type) {
        return switch (type.getSubtype()) {
            case "csv" -> Kind.DELIMITED;
            case "x-ndjson" -> Kind.JSON_LINES;
            default -> Kind.JSON;
        };
    }

    private static UploadBody part(ClientStream client, InputStream whole, boolean isSmall, String contentType)
            throws IOException {
        try {
            FileItemIterator parts = new FileUpload().getItemIterator(new Multipart(whole, contentType));
            while (parts.hasNext()) {
                FileItemStream part = parts.next();
                if ("file".equals(part.getFieldName())) {
                    return new UploadBody(
                            client, new Part(part.openStream()), partKind(part), isSmall, false, partCharset(part));
                }
            }
        } catch (FileUploadException e) {
            throw malformed("The body is no multipart/form-data: " + e.getMessage());
        } catch (IOException e) {
            client.check();
            throw malformed("The body is no multipart/form-data: " + e.getMessage());
        }
        throw malformed("There is no part named file");
    }

    private static Refusal malformed(String message) {
        return new Refusal(HttpStatus.BAD_REQUEST, message, List.of(Fault.at("", "malformed-multipart", message)));
    }

    /** A part whose type says nothing is told by the file's name; anything else is read as delimited text. */
    private static Kind partKind(FileItemStream part) {
        String name = part.getName() == null
                ? ""
                : part.getName().toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        String type = part.getContentType() == null ? "" : part.getContentType().toLowerCase(Locale.ROOT);
        if (type.startsWith("application/x-ndjson") || name.endsWith(".ndjson") || name.endsWith(".jsonl")) {
            return Kind.JSON_LINES;
        }
        return type.startsWith("application/json") || name.endsWith(".json") ? Kind.JSON : Kind.DELIMITED;
    }

    private static @Nullable String partCharset(FileItemStream part) {
        try {
            return part.getContentType() == null
                    ? null
                    : MediaType.parseMediaType(part.getContentType()).getParameter("charset");
        } catch (InvalidMediaTypeException e) {
            return null;
        }
    }

    private static Refusal unsupported(String header, String code, String message) {
        return new Refusal(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE, message, List.of(Fault.ofParameter(header, code, message)));
    }

    /** The bytes of a part, which ends at a boundary and nowhere else. */
    private static final class Part extends FilterInputStream {

        Part(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return super.read(buffer, offset, length);
            } catch (MalformedStreamException e) {
                throw malformed("The body ends before the boundary that closes the part named file");
            }
        }
    }

    private record Multipart(InputStream body, String contentType) implements UploadContext {

        @Override
        public long contentLength() {
            return -1;
        }

        @Override
        public String getCharacterEncoding() {
            return "UTF-8";
        }

        @Override
        public String getContentType() {
            return contentType;
        }

        @Override
        public InputStream getInputStream() {
            return body;
        }
    }
}
