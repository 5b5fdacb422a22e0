package clade.bench;

import java.net.URI;
import java.nio.file.Path;

/** Rows of the service's table that are measured on a service that runs already. */
final class ServiceRows {

    private ServiceRows() {}

    static void print(Arguments arguments) {
        RunningService service = new RunningService(
                URI.create(arguments.text("url", "http://127.0.0.1:8080")), arguments.text("dataset", "bench"));
        int times = arguments.number("times", 3);
        String row = arguments.text("row", "");
        System.out.println(
                switch (row) {
                    case "run-rfm" -> new RunTime(service, times).measure("rfm", "{\"name\":\"rfm\"}");
                    case "run-k-means" ->
                        new RunTime(service, times).measure("k-means, k = 8", "{\"name\":\"k-means\",\"k\":8}");
                    case "export" -> new ExportRate(service, times).measure();
                    case "profile" ->
                        new ProfileLoad(
                                        service,
                                        arguments.number("customers", 1_000_000),
                                        arguments.number("clients", 64),
                                        arguments.number("seconds", 10),
                                        times)
                                .measure();
                    case "upload" ->
                        new UploadRate(service, times)
                                .measure(Path.of(arguments.text("file", "")), arguments.number("rows", 1_000_000));
                    case "post" -> new PostLatency(service).measure(Path.of(arguments.text("file", "")));
                    default ->
                        throw new IllegalArgumentException(
                                "row must be run-rfm, run-k-means, export, profile, upload or post, was " + row);
                });
    }
}
