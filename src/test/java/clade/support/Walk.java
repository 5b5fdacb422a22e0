package clade.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/** The commands of a page's console blocks with what they show, to be run one after another. {@code …} stands for anything. */
public final class Walk {

    private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final Pattern DATASET = Pattern.compile("/datasets -H .*\"key\":\"([a-z0-9-]+)\"");
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    private final List<Step> steps;

    private Walk(List<Step> steps) {
        this.steps = steps;
    }

    private record Step(String command, String expected) {

        /** The page says to ask again until it is completed. */
        boolean isRepeatable() {
            return command.contains("/runs/");
        }

        boolean matches(String shown) {
            String pattern =
                    Arrays.stream(expected.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
            return Pattern.compile(pattern, Pattern.DOTALL)
                    .matcher(shown.strip())
                    .matches();
        }
    }

    public static Walk of(Path page) throws IOException {
        List<Step> steps = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(page));
        while (block.find()) {
            for (String part : block.group(1).split("(?m)^\\$ ", -1)) {
                if (!part.isBlank()) {
                    int end = part.indexOf('\n');
                    steps.add(new Step(
                            part.substring(0, end), part.substring(end + 1).strip()));
                }
            }
        }
        return new Walk(steps);
    }

    /** Number of commands. */
    public int length() {
        return steps.size();
    }

    /** Runs every command against the service, after the datasets that the walk makes have been removed. */
    public void run(Api api) throws IOException, InterruptedException {
        Assumptions.assumeTrue(has("curl"), "the walk needs curl");
        for (Step step : steps) {
            Matcher dataset = DATASET.matcher(step.command());
            if (dataset.find()) {
                api.delete("/api/v1/datasets/" + dataset.group(1));
            }
        }
        for (Step step : steps) {
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            String shown = shell(api, step.command());
            while (step.isRepeatable() && !step.matches(shown) && System.nanoTime() < deadline) {
                Thread.sleep(200);
                shown = shell(api, step.command());
            }
            assertThat(step.matches(shown))
                    .as("%s%nshows %s%nexpected %s", step.command(), shown, step.expected())
                    .isTrue();
        }
    }

    private static String shell(Api api, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command.replace("127.0.0.1:8080", "127.0.0.1:" + api.port()))
                .redirectErrorStream(true)
                .start();
        String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return shown;
    }

    private static boolean has(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
