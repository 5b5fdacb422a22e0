package clade.bench.faults;

import clade.bench.Arguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** Runs one scenario against the service's jar and ends with 1 if it broke a promise. */
public final class Faults {

    private static final String USAGE = """
            usage: java -jar bench.jar faults scenario=NAME [jar=target/clade.jar] [directory=DIR]
                     kill [times=50] [seed=1]  kill -9 of the service at random moments
                     database-restart [times=10] [server=embedded|external]
                                               the database killed or restarted under load
                     mixed [minutes=10]        mixed traffic, then too much of it
                     disk-full [size=700m]     uploads until the disk is full (needs to mount a tmpfs, or directory=
                                               on a small file system)
                     slow-clients              cut connections, slow uploads, a slow reader
                     two-instances             two on one database, one killed
            """;

    private Faults() {}

    /** Exit status: 0 if every promise was kept, 1 if not, 2 if the arguments are wrong. */
    public static int run(Arguments arguments) throws IOException, InterruptedException, SQLException {
        Path jar = Path.of(arguments.text("jar", "target/clade.jar")).toAbsolutePath();
        String chosen = arguments.text("directory", "");
        Path directory = chosen.isEmpty()
                ? Files.createTempDirectory("clade-faults")
                : Path.of(chosen).toAbsolutePath();
        Report report = new Report();
        try {
            switch (arguments.text("scenario", "")) {
                case "kill" ->
                    new Kills(report).run(jar, directory, arguments.number("times", 50), arguments.number("seed", 1));
                case "database-restart" -> {
                    DatabaseRestart scenario = new DatabaseRestart(report);
                    if (arguments.text("server", "embedded").equals("embedded")) {
                        scenario.embedded(jar, directory, arguments.number("times", 10));
                    } else {
                        scenario.external(jar, directory, arguments.number("times", 10));
                    }
                }
                case "mixed" -> new MixedTraffic(report).run(jar, directory, arguments.number("minutes", 10));
                case "disk-full" -> {
                    DiskFull scenario = new DiskFull(report);
                    if (chosen.isEmpty()) {
                        scenario.mounted(jar, directory, arguments.text("size", "700m"));
                    } else {
                        scenario.run(jar, directory);
                    }
                }
                case "slow-clients" -> new SlowClients(report).run(jar, directory);
                case "two-instances" -> new TwoInstances(report).run(jar, directory);
                default -> {
                    System.err.print(USAGE);
                    return 2;
                }
            }
        } catch (IllegalStateException e) {
            report.promise(false, "the scenario runs to its end", String.valueOf(e.getMessage()));
        }
        if (!report.allKept()) {
            report.figure("data and logs are kept in", directory);
            return 1;
        }
        if (chosen.isEmpty()) {
            try (var files = Files.walk(directory)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
        return 0;
    }
}
