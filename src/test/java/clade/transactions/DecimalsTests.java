package clade.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clade.web.Refusal;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "6|.|6",
                "-6|.|-6",
                "2.50|.|2.50",
                "1,234.50|.|1234.50",
                "1.234,50|,|1234.50",
                "12,5|,|12.5",
                "£12.00|.|12.00",
                "-£12.00|.|-12.00",
                "£-12.00|.|-12.00",
                "12,00 €|,|12.00",
                "EUR 1.234|,|1234",
                "(12.00)|.|-12.00",
                "($1,200)|.|-1200",
                "12.00-|.|-12.00",
                "+3.5|.|3.5",
                "1 234,50|,|1234.50",
                "1'234.50|.|1234.50",
                "₹1,23,456.00|.|123456.00",
                ".5|.|0.5",
                "5.|.|5",
                "1e3|.|1000",
                "1.5E-2|.|0.015",
                "1\u00a0234\u00a0567,8|,|1234567.8",
                "\u22125|.|-5",
                "US$ 5|.|5",
                "12345678901234567890.5|.|12345678901234567890.5",
                "0.500|.|0.500",
                "1.234|.|1.234",
                "1.234|,|1234"
            })
    void readsWhatShopsExport(String text, String decimal, BigDecimal value) {
        Decimals decimals = new Decimals(decimal);

        assertThat(decimals.read(text)).isTrue();
        assertThat(decimals.value()).isEqualTo(value);
        assertThat(Decimals.value(text, decimal.charAt(0))).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "abc",
                "1.2.3",
                "1,2,3",
                "12a",
                "--5",
                "-(5)",
                "(5",
                "5)",
                "£",
                ".",
                ",",
                "NaN",
                "Infinity",
                "0x10",
                "1,,000",
                "1 2",
                "12,34.5.6",
                "5%",
                "1e",
                "e5",
                "٥"
            })
    void readsNothingElse(String text) {
        for (String decimal : new String[] {".", ","}) {
            assertThat(new Decimals(decimal).read(text)).as(decimal).isFalse();
        }
    }

    @Test
    void asksWhatOneDotTwoThreeFourMeans() {
        Decimals decimals = new Decimals(null);
        decimals.read("1.234");
        decimals.read("6");

        assertThatThrownBy(decimals::check).isInstanceOf(Refusal.class).hasMessageContaining("decimal=");
    }

    @Test
    void doesNotAskWhatChangesNothing() {
        Decimals decimals = new Decimals(null);
        decimals.read("6");
        decimals.read("12");

        decimals.check();
        assertThat(decimals.decided()).isEqualTo('.');
    }

    @Test
    void ofSeparatorsThatReadOtherValuesThePointCounts() {
        Decimals decimals = new Decimals(null);
        decimals.read("1,23");
        decimals.read("1.23");

        decimals.check();
        assertThat(decimals.decided()).isEqualTo('.');
        assertThat(decimals.report()).isEqualTo(".");
    }

    @Test
    void nothingReadNamesNoSeparator() {
        Decimals decimals = new Decimals(null);
        decimals.read("none");

        assertThat(decimals.report()).isNull();
    }

    @Test
    void oneClearValueDecides() {
        Decimals decimals = new Decimals(null);
        decimals.read("1.234");
        decimals.read("2,5");

        decimals.check();
        assertThat(decimals.decided()).isEqualTo(',');
    }

    @Test
    void readsBackWhatJavaWrites() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 20_000; i++) {
            BigDecimal value =
                    BigDecimal.valueOf(random.nextLong(-1_000_000_000_000L, 1_000_000_000_000L), random.nextInt(7));
            boolean comma = random.nextBoolean();
            String pattern = (random.nextBoolean() ? "#,##0." : "0.") + "0".repeat(Math.max(1, value.scale()));
            String text = new DecimalFormat(
                            pattern, DecimalFormatSymbols.getInstance(comma ? Locale.GERMANY : Locale.US))
                    .format(value);
            Decimals decimals = new Decimals(comma ? "," : ".");

            assertThat(decimals.read(text)).as(text).isTrue();
            assertThat(decimals.value()).as(text).isEqualByComparingTo(value);
        }
    }

    @Test
    void theFastWayReadsAsThePatternDoes() {
        SplittableRandom random = new SplittableRandom(5);
        char[] alphabet = "0123456789.,-".toCharArray();
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(1, 9); length > 0; length--) {
                text.append(alphabet[random.nextInt(alphabet.length)]);
            }
            for (char decimal : new char[] {'.', ','}) {
                BigDecimal byPattern = Decimals.value(text.toString(), decimal);
                Decimals decimals = new Decimals(String.valueOf(decimal));
                assertThat(decimals.read(text.toString()) ? decimals.value() : null)
                        .as("%s by %s", text, decimal)
                        .isEqualTo(byPattern);
            }
        }
    }
}
