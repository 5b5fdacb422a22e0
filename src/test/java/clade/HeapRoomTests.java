package clade;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In processes of their own, since the shares can be given but once. */
class HeapRoomTests {

    @Test
    void letsFourFifthsOfTheHeapBeFree() throws Exception {
        assertThat(shares()).isEqualTo("80 90");
    }

    @Test
    void leavesSharesThatWereGiven() throws Exception {
        assertThat(shares("-XX:MinHeapFreeRatio=50")).isEqualTo("50 70");
        assertThat(shares("-XX:MaxHeapFreeRatio=60")).isEqualTo("40 60");
    }

    private static String shares(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Shares.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return printed;
    }

    /** Prints the shares after {@link HeapRoom#give}. */
    static final class Shares {

        private Shares() {}

        public static void main(String[] args) {
            HeapRoom.give();
            var jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            System.out.print(jvm.getVMOption("MinHeapFreeRatio").getValue() + " "
                    + jvm.getVMOption("MaxHeapFreeRatio").getValue());
        }
    }
}
