package clade.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;

/**
 * Times runs on a given number of threads by a line protocol: says {@code {"ready":true}}, then answers each line
 * {@code run} with the run's wall-clock milliseconds, its CPU milliseconds and its result, as one line of JSON. Any other
 * line, or the end of input, ends it.
 */
final class Stopwatch implements AutoCloseable {

    private static final double NANOS_A_MILLI = 1e6;

    private final ForkJoinPool pool;

    Stopwatch(int threads) {
        pool = new ForkJoinPool(threads);
    }

    <R> void serve(Timed<R> algorithm, InputStream in, PrintStream out) throws IOException {
        out.println("{\"ready\":true}");
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        while ("run".equals(lines.readLine())) {
            Map<String, Object> answer = new LinkedHashMap<>();
            try {
                R result = pool.invoke(ForkJoinTask.adapt(() -> timed(algorithm, answer)));
                algorithm.describe(result, answer);
            } catch (RuntimeException | OutOfMemoryError e) {
                answer.clear();
                answer.put("error", e.toString());
            }
            out.println(json(answer));
            out.flush();
        }
    }

    private <R> R timed(Timed<R> algorithm, Map<String, Object> answer) {
        double cpu = cpuMillis();
        long start = System.nanoTime();
        R result = algorithm.run();
        answer.put("ms", (System.nanoTime() - start) / NANOS_A_MILLI);
        answer.put("cpu", cpuMillis() - cpu);
        return result;
    }

    /**
     * One thread: its own time and the collector's, free of the compiler's threads. Several: that of the whole process.
     */
    private double cpuMillis() {
        if (pool.getParallelism() > 1) {
            var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return system.getProcessCpuTime() / NANOS_A_MILLI;
        }
        long collecting = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
        return collecting + ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / NANOS_A_MILLI;
    }

    private static String json(Map<String, Object> answer) {
        StringJoiner fields = new StringJoiner(",", "{", "}");
        answer.forEach((name, value) -> fields.add("\"" + name + "\":" + json(value)));
        return fields.toString();
    }

    private static String json(Object value) {
        if (value instanceof Double number) {
            return Double.isFinite(number) ? number.toString() : "null";
        }
        return value instanceof Number
                ? value.toString()
                : "\"" + value.toString().replaceAll("[\\\\\"\\p{Cntrl}]", " ") + "\"";
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
