package clade.segmentation.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.util.HtmlUtils;

/**
 * A page for clients: one file that needs no other and runs nothing, prints on A4, and reads in black and white.
 *
 * @param style its style sheet, behind {@link #BASE}
 */
public record HtmlPage(String title, String style, String body) {

    /** What all pages look like. */
    private static final String BASE = """
            :root{color-scheme:light}
            body{font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;color:#1b2330;max-width:52rem;margin:2rem auto;padding:0 1.25rem;background:#fff;overflow-wrap:break-word}
            h1{font-size:1.55rem;line-height:1.2;margin:0 0 .25rem}h2{font-size:1.05rem;margin:1.8rem 0 .5rem}
            .lead{color:#5a6575;margin:0 0 1.25rem}
            .figures{display:flex;gap:.75rem;flex-wrap:wrap;margin:0;padding:0;list-style:none}
            .figures li{flex:1 1 8rem;border:1px solid #d9dfe7;border-radius:6px;padding:.6rem .8rem}
            .figures b{display:block;font-size:1.3rem;font-variant-numeric:tabular-nums}.figures span{color:#5a6575;font-size:.85rem}
            .findings{padding-left:1.2rem;margin:.4rem 0}.findings li{margin:.4rem 0}
            table{border-collapse:collapse;width:100%;font-size:.86rem}caption{text-align:left;color:#5a6575;padding-bottom:.35rem}
            th,td{padding:.32rem .5rem;border-bottom:1px solid #e3e8ee;text-align:right;vertical-align:top;font-variant-numeric:tabular-nums}
            th{font-weight:600}th:first-child,td.name{text-align:left}thead th{border-bottom:2px solid #b8c2ce;vertical-align:bottom}
            .note{color:#5a6575;font-size:.84rem}svg{width:100%;height:auto}
            @page{size:A4;margin:14mm}
            @media print{body{margin:0;max-width:none;padding:0;font-size:11px}h2{margin-top:1rem;break-after:avoid}table,svg,.figures li{break-inside:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
            """;

    /** The answer, which allows nothing from elsewhere, nothing that runs, and its style sheet alone. */
    public ResponseEntity<String> answer() {
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .header(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                                .formatted(sha256(BASE + style)))
                .header("X-Content-Type-Options", "nosniff")
                .body(html());
    }

    String html() {
        return """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8">
                <meta name="viewport" content="width=device-width,initial-scale=1"><title>%s</title><style>%s</style></head>
                <body>
                %s</body></html>
                """.formatted(escaped(title), BASE + style, body);
    }

    /** Text as it may stand in an element or in an attribute. */
    public static String escaped(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
