package clade;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.CladeTest;
import clade.support.Walk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Runs what the README and the guides show: each command of their console blocks, and compares what comes with what they say. */
@CladeTest
class ReadmeTests {

    @Autowired
    Api api;

    @Test
    void theWalkGivesWhatTheReadmeShows() throws IOException, InterruptedException {
        Walk walk = Walk.of(Path.of("README.md"));
        assertThat(walk.length()).isGreaterThan(8);
        walk.run(api);
    }

    @ParameterizedTest
    @MethodSource("guides")
    void eachGuideGivesWhatItShows(Path guide) throws IOException, InterruptedException {
        Walk walk = Walk.of(guide);
        assertThat(walk.length()).isGreaterThan(3);
        walk.run(api);
    }

    static List<Path> guides() throws IOException {
        try (var pages = Files.list(Path.of("docs/guides"))) {
            return pages.sorted().toList();
        }
    }
}
