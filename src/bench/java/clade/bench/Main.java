package clade.bench;

import clade.bench.faults.Faults;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Starts what the first argument names. */
public final class Main {

    private static final String USAGE = """
            usage: java -jar bench.jar algo=NAME data=FILE [threads=1] [init=FILE] [key=value …]
                     times one algorithm; a line "run" on standard input is one timed run
                     names: %s
                   java -jar bench.jar generate rows=N customers=N seed=N out=FILE [duplicates=SHARE] [bad=SHARE]
                     writes transactions to FILE and the customers' true groups to FILE.truth
                   java -jar bench.jar service [rows=1000000] [customers=100000] [times=3] [seed=1] [jar=target/clade.jar] [directory=target]
                     starts the service on a fresh data directory and prints the table of its rows beside psql
                   java -jar bench.jar rows row=run-rfm|run-k-means|export|profile|upload|post url=http://… dataset=KEY [times=3] [file=CSV]
                     measures a running service beside psql and pgbench, which PGHOST, PGPORT, … lead to its server
                   java -jar bench.jar faults scenario=NAME [key=value …]
                     drives, kills and starves the service; without a name it lists the scenarios
                   java -jar bench.jar jmh [JMH's own arguments]
            """;

    /** Each algorithm that can be timed, by the name that {@code algo} gives it. */
    private static final Map<String, Function<Arguments, Timed<?>>> ALGORITHMS = new TreeMap<>(Map.ofEntries(
            Map.entry("dbscan", TimedDensity::dbscan),
            Map.entry("gmm", TimedMixture::new),
            Map.entry("hdbscan", TimedDensity::hdbscan),
            Map.entry("kdist", TimedKDistance::new),
            Map.entry("kmeans", TimedKMeans::new),
            Map.entry("prepare", TimedPreparation::new),
            Map.entry("silhouette", TimedSilhouette::new),
            Map.entry("ward", TimedWard::new)));

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        String command = arguments.length == 0 ? "" : arguments[0];
        if (command.equals("jmh")) {
            org.openjdk.jmh.Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
        } else if (command.equals("generate")) {
            Generator.run(new Arguments(Arrays.copyOfRange(arguments, 1, arguments.length)));
        } else if (command.equals("service")) {
            ServiceTable.print(new Arguments(Arrays.copyOfRange(arguments, 1, arguments.length)));
        } else if (command.equals("rows")) {
            ServiceRows.print(new Arguments(Arrays.copyOfRange(arguments, 1, arguments.length)));
        } else if (command.equals("faults")) {
            System.exit(Faults.run(new Arguments(Arrays.copyOfRange(arguments, 1, arguments.length))));
        } else if (command.contains("=")) {
            time(new Arguments(arguments));
        } else {
            refuse();
        }
    }

    private static void time(Arguments arguments) throws IOException {
        Function<Arguments, Timed<?>> algorithm = ALGORITHMS.get(arguments.text("algo", ""));
        if (algorithm == null) {
            refuse();
            return;
        }
        try (Stopwatch stopwatch = new Stopwatch(arguments.number("threads", 1))) {
            stopwatch.serve(algorithm.apply(arguments), System.in, System.out);
        }
    }

    private static void refuse() {
        System.err.print(USAGE.formatted(String.join(", ", ALGORITHMS.keySet())));
        System.exit(2);
    }
}
