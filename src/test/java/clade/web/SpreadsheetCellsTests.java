package clade.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SpreadsheetCellsTests {

    @Test
    void formulasAreQuotedAndNumbersAreNot() {
        assertThat(SpreadsheetCells.written("=1+1")).isEqualTo("'=1+1");
        assertThat(SpreadsheetCells.written("@cmd")).isEqualTo("'@cmd");
        assertThat(SpreadsheetCells.written("\tx")).isEqualTo("'\tx");
        assertThat(SpreadsheetCells.written("-12.5")).isEqualTo("-12.5");
        assertThat(SpreadsheetCells.written("+4e3")).isEqualTo("+4e3");
        assertThat(SpreadsheetCells.written("-12.5x")).isEqualTo("'-12.5x");
        assertThat(SpreadsheetCells.written("O'Neill")).isEqualTo("O'Neill");
        assertThat(SpreadsheetCells.written("")).isEmpty();
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        SplittableRandom random = new SplittableRandom(11);
        char[] alphabet = "'=+-@\t\r1.ea ".toCharArray();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(7); length > 0; length--) {
                text.append(alphabet[random.nextInt(alphabet.length)]);
            }
            assertThat(SpreadsheetCells.read(SpreadsheetCells.written(text.toString())))
                    .isEqualTo(text.toString());
        }
    }
}
