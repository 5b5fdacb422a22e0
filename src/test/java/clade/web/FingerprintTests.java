package clade.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FingerprintTests {

    @Test
    void leavesTheWordOutWhereverItStandsAndHoweverThePiecesFall() {
        Random random = new Random(7);
        for (int round = 0; round < 5_000; round++) {
            String word = text(random, 1 + random.nextInt(5));
            String body = text(random, random.nextInt(40));
            Fingerprint inPieces = new Fingerprint(word);
            byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(7));
                inPieces.add(bytes, at, length);
                at += length;
            }

            assertThat(inPieces.value())
                    .as("%s without %s", body, word)
                    .isEqualTo(Fingerprint.of(body.replace(word, "")));
        }
    }

    /** Of two letters, so that words overlap themselves and each other. */
    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(random.nextBoolean() ? 'a' : 'b');
        }
        return text.toString();
    }
}
