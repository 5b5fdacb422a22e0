package clade.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clade.web.Refusal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatesTests {

    private static final ZoneId UTC = ZoneOffset.UTC;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2010-12-01|2010-12-01T00:00:00Z|yyyy-MM-dd",
                "2010-12-01 08:26:00|2010-12-01T08:26:00Z|yyyy-MM-dd HH:mm:ss",
                "2010-12-01T08:26|2010-12-01T08:26:00Z|yyyy-MM-dd'T'HH:mm",
                "2010-12-01T08:26:00.123456Z|2010-12-01T08:26:00.123456Z|yyyy-MM-dd'T'HH:mm:ss[.SSSSSS]XXX",
                "2010-12-01T08:26:00+01:00|2010-12-01T07:26:00Z|yyyy-MM-dd'T'HH:mm:ssXXX",
                "2010-12-01 08:26:00-0530|2010-12-01T13:56:00Z|yyyy-MM-dd HH:mm:ssXXX",
                "2010-12-01 08:26:00 UTC|2010-12-01T08:26:00Z|yyyy-MM-dd HH:mm:ssXXX",
                "12/25/2010 8:26|2010-12-25T08:26:00Z|M/d/yyyy H:mm",
                "12/25/2010 8:26:05 PM|2010-12-25T20:26:05Z|M/d/yyyy h:mm:ss a",
                "12/25/2010 12:01 am|2010-12-25T00:01:00Z|M/d/yyyy hh:mm a",
                "25/12/2010|2010-12-25T00:00:00Z|dd/MM/yyyy",
                "01.12.2010|2010-12-01T00:00:00Z|dd.MM.yyyy",
                "1.2.2010 7:05|2010-02-01T07:05:00Z|d.M.yyyy H:mm",
                "20101201|2010-12-01T00:00:00Z|yyyyMMdd",
                "2010/12/01|2010-12-01T00:00:00Z|yyyy/MM/dd",
                "01-Dec-2010|2010-12-01T00:00:00Z|dd-MMM-yyyy",
                "1 December 2010|2010-12-01T00:00:00Z|d MMM yyyy",
                "Dec 1, 2010|2010-12-01T00:00:00Z|MMM d, yyyy",
                "1291191960|2010-12-01T08:26:00Z|epoch-seconds",
                "1291191960123|2010-12-01T08:26:00.123Z|epoch-milliseconds",
                "12/31/99|2099-12-31T00:00:00Z|MM/dd/yy"
            })
    void readsWhatShopsExport(String text, Instant instant, String format) {
        Dates dates = ledBy(new Dates(null, UTC), text);

        assertThat(dates.read(text)).isTrue();
        assertThat(micros(dates)).isEqualTo(instant);
        dates.check();
        // the name that is reported means the same when it is declared; a pattern of letters says M for unpadded
        // numbers
        Dates declared = new Dates(DateFormat.find(dates.report().replace("dd-MMM", "d-MMM")), UTC);
        assertThat(declared.read(text)).isTrue();
        assertThat(micros(declared)).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2010-02-30",
                "2010-13-01",
                "2010-00-10",
                "2011-02-29",
                "0000-01-01",
                "99999-01-01",
                "2010-12-01 24:00",
                "2010-12-01 08:60",
                "2010-12-01 8",
                "2010-12-01X08:26",
                "2010-12-01 08:26 CET",
                "31/13/2010",
                "tomorrow",
                "2010-12",
                "20101301",
                "12345678901",
                "1/2/3",
                "2010-1-1-1",
                "2010-12-01 13:00 PM",
                "1e9",
                "-5",
                "٢٠١٠-١٢-٠١"
            })
    void readsNothingElse(String text) {
        Dates dates = new Dates(null, UTC);

        for (int format = 0; format < DateFormat.KNOWN.size(); format++) {
            dates.lead(format);
            assertThat(dates.read(text))
                    .as(DateFormat.KNOWN.get(format).pattern())
                    .isFalse();
        }
    }

    @Test
    void asksWhetherThreeFourIsMarchOrApril() {
        Dates dates = new Dates(null, UTC);
        dates.read("3/4/2010");
        dates.read("5/5/2010");

        assertThatThrownBy(dates::check)
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("d/M/yyyy")
                .hasMessageContaining("M/d/yyyy");
    }

    @Test
    void doesNotAskWhatChangesNothing() {
        Dates dates = new Dates(null, UTC);
        dates.read("5/5/2010");
        dates.read("11/11/2010");

        dates.check();
    }

    @Test
    void onTheThirteenthTheRestIsClear() {
        Dates dates = new Dates(null, UTC);
        dates.read("3/4/2010");
        dates.read("13/4/2010");

        dates.check();
        assertThat(DateFormat.KNOWN.get(dates.decided()).order()).isEqualTo("d M y");
    }

    @Test
    void ofFormatsThatReadOtherValuesTheFirstCounts() {
        Dates dates = new Dates(null, UTC);
        dates.read("01.12.2010");
        dates.read("2010-12-01");

        dates.check();
        assertThat(DateFormat.KNOWN.get(dates.decided()).pattern()).isEqualTo("yyyy-MM-dd");
    }

    @Test
    void asksWhichOfTheBestFormatsEvenIfTheFirstOfThemReadsOtherValues() {
        Dates dates = new Dates(null, UTC);
        dates.read("2010-12-01");
        dates.read("3/4/2010");

        assertThatThrownBy(dates::check)
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("as d/M/yyyy and as M/d/yyyy,");
    }

    @Test
    void timesWithoutAZoneAreLocal() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");

        assertThat(instant("2010-07-01 08:26", berlin)).isEqualTo("2010-07-01T06:26:00Z");
        assertThat(instant("2010-07-01T08:26Z", berlin)).isEqualTo("2010-07-01T08:26:00Z");
        // the clock goes from 2 to 3 o'clock, and back from 3 to 2
        assertThat(instant("2010-03-28 02:30", berlin)).isEqualTo("2010-03-28T01:30:00Z");
        assertThat(instant("2010-10-31 02:30", berlin)).isEqualTo("2010-10-31T00:30:00Z");
    }

    @Test
    void readsEveryDayInEveryOrderAsJavaTimeDoes() {
        SplittableRandom random = new SplittableRandom(7);
        List<String> patterns = List.of(
                "yyyy-MM-dd HH:mm:ss",
                "yyyy-M-d H:mm",
                "dd.MM.yyyy HH:mm",
                "d/M/yyyy",
                "MM/dd/yyyy hh:mm a",
                "yyyyMMdd",
                "d-MMM-yyyy",
                "yyyy.MM.dd'T'HH:mm:ss.SSS",
                "dd-MM-yy",
                "M/d/yy H:mm:ss");
        for (int i = 0; i < 5000; i++) {
            String pattern = patterns.get(random.nextInt(patterns.size()));
            LocalDateTime time = LocalDate.ofEpochDay(random.nextInt(10_957, 25_000))
                    .atTime(
                            random.nextInt(24),
                            random.nextInt(60),
                            random.nextInt(60),
                            random.nextInt(1000) * 1_000_000);
            DateTimeFormatter formatter = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
            String text = time.format(formatter);
            Dates dates = new Dates(DateFormat.find(pattern), UTC);

            assertThat(dates.read(text)).as("%s as %s", text, pattern).isTrue();
            LocalDateTime shown = LocalDateTime.ofInstant(micros(dates), UTC);
            assertThat(shown.format(formatter)).as(pattern).isEqualTo(text);
            assertThat(shown.toLocalDate()).isEqualTo(time.toLocalDate());
        }
    }

    @Test
    void anyOtherPatternCanBeDeclared() {
        Dates dates = new Dates(DateFormat.find("yyyyMMddHHmmss"), UTC);

        assertThat(dates.read("20101201082600")).isTrue();
        assertThat(micros(dates)).isEqualTo("2010-12-01T08:26:00Z");
        assertThat(dates.read("20100230082600")).isFalse();
        assertThat(dates.report()).isEqualTo("yyyyMMddHHmmss");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "nonsense", "HH:mm", "MM/dd", "yyyy-MM-dd {", "'"})
    void patternsThatSayNoDateAreRefused(String pattern) {
        assertThatThrownBy(() -> DateFormat.find(pattern)).isInstanceOf(Refusal.class);
    }

    private static String instant(String text, ZoneId zone) {
        Dates dates = ledBy(new Dates(null, zone), text);
        dates.read(text);
        return micros(dates).toString();
    }

    /** Decided by this one value alone. */
    private static Dates ledBy(Dates dates, String text) {
        Dates probe = new Dates(null, UTC);
        probe.read(text);
        dates.lead(probe.decided());
        return dates;
    }

    private static Instant micros(Dates dates) {
        return Instant.ofEpochSecond(
                Math.floorDiv(dates.micros(), 1_000_000), Math.floorMod(dates.micros(), 1_000_000) * 1000L);
    }
}
