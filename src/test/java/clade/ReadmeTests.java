package clade;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.CladeTest;
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
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Runs what the README shows: each command of its console blocks, and compares what comes with what it says. */
@CladeTest
class ReadmeTests {

    private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    @Autowired
    Api api;

    private record Step(String command, String expected) {}

    @Test
    void theWalkGivesWhatTheReadmeShows() throws IOException, InterruptedException {
        Assumptions.assumeTrue(has("curl"), "the walk needs curl");
        List<Step> steps = steps();
        assertThat(steps).hasSizeGreaterThan(8);
        api.delete("/api/v1/datasets/shop");
        for (Step step : steps) {
            // the walk says to ask for a run until it is completed
            boolean repeatable = step.command().contains("/runs/");
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            String shown = shell(step.command());
            while (repeatable && !matches(step, shown) && System.nanoTime() < deadline) {
                Thread.sleep(200);
                shown = shell(step.command());
            }
            assertThat(matches(step, shown))
                    .as("%s%nshows %s", step.command(), shown)
                    .isTrue();
        }
    }

    private static List<Step> steps() throws IOException {
        List<Step> steps = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(Path.of("README.md")));
        while (block.find()) {
            for (String part : block.group(1).split("(?m)^\\$ ", -1)) {
                if (!part.isBlank()) {
                    int end = part.indexOf('\n');
                    steps.add(new Step(
                            part.substring(0, end), part.substring(end + 1).strip()));
                }
            }
        }
        return steps;
    }

    private static boolean matches(Step step, String shown) {
        String pattern = Arrays.stream(step.expected().split("…", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*"));
        return Pattern.compile(pattern, Pattern.DOTALL).matcher(shown.strip()).matches();
    }

    private String shell(String command) throws IOException, InterruptedException {
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
