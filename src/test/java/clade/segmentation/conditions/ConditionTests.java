package clade.segmentation.conditions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTests {

    private static final Vocabulary VOCABULARY = new Vocabulary(
            Set.of("recency", "frequency", "monetary"),
            Set.of("ordersIn", "monetaryIn"),
            Map.of(
                    "plan", Type.TEXT,
                    "age", Type.NUMBER,
                    "vip", Type.BOOLEAN,
                    "joined", Type.DATE,
                    "left", Type.DATE,
                    "first name", Type.TEXT,
                    "gone", Type.TEXT),
            Set.of("value", "stage"));

    /** A customer of whom the attribute {@code gone}, the membership {@code stage} and {@code monetaryIn} are missing. */
    private static final Facts ANN = new KnownFacts(
            Map.of("recency", 3.0, "frequency", 7.0, "monetary", 120.5, "ordersIn:P90D", 4.0),
            Map.of(
                    "plan",
                    "basic",
                    "age",
                    41,
                    "vip",
                    true,
                    "joined",
                    LocalDate.of(2024, 2, 29),
                    "left",
                    LocalDate.of(2025, 1, 1),
                    "first name",
                    "Ann O'Hara"),
            Map.of("value", "c2"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "segment('value') = 'c2' and attribute('plan') = 'basic' and ordersIn('P90D') >= 3",
                "frequency = 7",
                "frequency != 6.5",
                "7 <= frequency",
                "frequency < monetary",
                "monetary = 1.205e2",
                "monetary > -1",
                "FREQUENCY_IS = 1 or frequency = 7 and recency = 3",
                "recency = 1 and recency = 2 or frequency = 7",
                "recency = 1 and (recency = 2 or frequency = 7) or true = attribute('vip')",
                "NOT recency = 1 AND Not (frequency = 1)",
                "not not frequency = 7",
                "attribute('vip') = true",
                "attribute('vip') in (true)",
                "attribute('plan') in ('gold', 'basic')",
                "attribute('plan') not in ('gold','silver')",
                "recency in (1,2,3)",
                "recency not in (1,2)",
                "attribute('first name') = 'Ann O''Hara'",
                "attribute('joined') = '2024-02-29'",
                "'2024-01-31' < attribute('joined')",
                "attribute('joined') < attribute('left')",
                "attribute('joined') in ('2024-02-28','2024-02-29')",
                "attribute('age') > frequency",
                "segment('value') in ('c1','c2')",
                "segment('stage') is missing",
                "attribute('gone') is missing and monetaryIn('P90D') is missing",
                "recency is not missing and attribute('plan') is not missing",
            })
    void matchesAnn(String condition) {
        assertThat(test(condition.replace("FREQUENCY_IS", "frequency")).test(ANN))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frequency > 7",
                "attribute('plan') = 'Basic'",
                "attribute('plan') in ('gold','silver')",
                "recency in (1,2)",
                "segment('value') = 'c1'",
                "attribute('vip') = false",
                "attribute('joined') >= '2024-03-01'",
                "recency is missing",
                "recency = 1 and (recency = 2 or frequency = 7)",
            })
    void doesNotMatchAnn(String condition) {
        assertThat(test(condition).test(ANN)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "attribute('gone') = 'a'",
                "attribute('gone') != 'a'",
                "attribute('gone') in ('a')",
                "attribute('gone') not in ('a')",
                "segment('stage') = 'c1'",
                "segment('stage') != 'c1'",
                "monetaryIn('P90D') < 5",
                "monetaryIn('P90D') >= 5",
                "monetaryIn('P90D') != 5",
                "monetaryIn('P90D') not in (5)",
                "monetaryIn('P90D') != monetary",
                "attribute('gone') = attribute('plan')",
            })
    void whatIsMissingMakesNeitherAComparisonNorItsNegationTrue(String condition) {
        assertThat(test(condition).test(ANN)).isFalse();
        assertThat(test("not " + condition).test(ANN)).isFalse();
        assertThat(test("not (%s and frequency = 7)".formatted(condition)).test(ANN))
                .isFalse();
        assertThat(test("not (%s and frequency = 8)".formatted(condition)).test(ANN))
                .isTrue();
        assertThat(test("%s or frequency = 7".formatted(condition)).test(ANN)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "frequency>=3.50   AND(monetary<1e3)| frequency >= 3.5 and monetary < 1000",
                "(frequency = 1 or frequency = 2) and not recency IN(1,2)| "
                        + "(frequency = 1 or frequency = 2) and not (recency in (1, 2))",
                "((frequency = 1)) or (recency = 1 and (monetary = 2))| frequency = 1 or recency = 1 and monetary = 2",
                "attribute( 'first name' )='O''Hara'| attribute('first name') = 'O''Hara'",
                "frequency = -0 or frequency = 1e300| frequency = 0 or frequency = 1.0E300",
                "ordersIn( 'P90D' ) Is Not Missing| ordersIn('P90D') is not missing"
            })
    void isShownInItsNormalForm(String condition, String normal) {
        assertThat(Condition.parse(condition)).hasToString(normal);
        assertThat(Condition.parse(normal)).hasToString(normal);
    }

    @Test
    void tellsWhatItUses() {
        Condition condition = Condition.parse(
                "segment('value') = 'c2' and not (attribute('plan') in ('a') or ordersIn('P90D') > recency)"
                        + " or monetary is missing and 3 < attribute('age')");

        assertThat(condition.features()).containsExactly("monetary", "ordersIn:P90D", "recency");
        assertThat(condition.attributes()).containsExactly("age", "plan");
        assertThat(condition.segmentations()).containsExactly("value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "frequncy >= 3| at character 1, frequncy: there is no feature frequncy; did you mean frequency? There are frequency,",
                "segment('value') = c2| at character 20, c2: there is no feature c2; there are frequency,",
                "plan = 'basic'| at character 1, plan: there is no feature plan; the attribute is written attribute('plan')",
                "attribute('Plan') = 'basic'| at character 1, attribute: there is no attribute Plan; did you mean plan? There are age,",
                "segment('valu') = 'c2'| there is no segmentation valu; did you mean value? There are stage, value",
                "frequency = 'three'| at character 13, 'three': frequency is a number and can't be compared with 'three', which is a text;"
                        + " compare it with a number, such as 3",
                "attribute('plan') = 3| attribute('plan') is a text and can't be compared with 3, which is a number; compare it with a text",
                "attribute('vip') = 'true'| compare it with true or false",
                "attribute('joined') > 3| compare it with a date, such as '2024-01-31'",
                "attribute('joined') > '31.1.2024'| at character 23, '31.1.2024': a date is written '2024-01-31'",
                "attribute('plan') < 'b'| at character 19, <: attribute('plan') is a text, which has no order; use =, != or in",
                "attribute('vip') >= false| which has no order",
                "segment('value') > 'c2'| which has no order",
                "recency in (1,'a')| at character 15, 'a': recency is a number",
                "segment('value') in ('a',recency)| at character 26, recency: in takes constants",
                "ordersIn >= 3| at character 1, ordersIn: needs a period, such as ordersIn('P90D')",
                "recency('P90D') >= 3| at character 1, recency: takes no period",
                "ordersIn('90 days') >= 3| at character 10, '90 days': a period is written 'P90D'",
                "frequency == 3| at character 11, ==: write = instead",
                "frequency <> 3| at character 11, <>: write != instead",
                "frequency = 1 && recency = 2| at character 15, &&: write and instead",
                "!(frequency = 1)| at character 1, !: write not instead",
                "attribute(plan) = 'a'| at character 11, plan: attribute wants a text in brackets, such as attribute('age')",
                "attribute = 'a'| at character 11, =: attribute wants a text in brackets",
                "attribute('vip')| at character 17 (its end): here =, !=, <, <=, >, >=, in ('a','b') or is missing is wanted",
                "attribute('vip') and frequency = 1| at character 18, and: here =, !=, <, <=, >, >=, in ('a','b') or is missing is "
                        + "wanted; for true or false write attribute('vip') = true",
                "(frequency = 1| at character 15 (its end): here and, or or the ) to the bracket at character 1 is wanted",
                "frequency = 1)| at character 14, ): this bracket was never opened",
                "frequency = 1 recency = 2| at character 15, recency: here and, or or the end of the condition is wanted",
                "frequency = | at character 12 (its end): here a feature, attribute('…'), segment('…') or a constant is wanted",
                "frequency is 3| at character 14, 3: here missing or not missing is wanted",
                "frequency not 3| at character 15, 3: here =, !=",
                "1 = 2| at character 1, 1: two constants are compared",
                "frequency = and| at character 13, and: here a feature",
                "attribute('plan') = 'basic| at character 21, ': a text begins here and has no end",
                "attribute('plan') = \"\"basic\"\"| texts stand in single quotes",
                "frequency = .5| at character 13, .: a number begins with a digit",
                "frequency = 1e999| this number is too large",
                "frequency; drop table customer| at character 10, ;: this sign has no meaning in a condition",
            })
    void saysWhereAndWhatIsWrongAndTheWayOut(String condition, String message) {
        assertThatThrownBy(() -> test(condition))
                .isInstanceOf(ConditionException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "(",
                ")",
                "not",
                "and",
                "frequency",
                "frequency in",
                "frequency in ()",
                "frequency is",
                "'",
                "''"
            })
    void refusesWhatIsNoCondition(String condition) {
        assertThatThrownBy(() -> Condition.parse(condition)).isInstanceOf(ConditionException.class);
    }

    @Test
    void beforeTheDatasetIsKnownAnyAttributeAndSegmentationWillDo() {
        Vocabulary open = new Vocabulary(Set.of("frequency"), Set.of(), null, null);
        Condition condition = Condition.parse(
                "attribute('x') > '2024-01-31' and attribute('x') < attribute('y') and segment('z') = attribute('y')");

        assertThatCode(() -> condition.check(open)).doesNotThrowAnyException();
        assertThatThrownBy(() -> condition.compile(open)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Condition.parse("frequency = 'a'").check(open)).isInstanceOf(ConditionException.class);
    }

    @Test
    void hasLimitsAndKeepsThemQuickly() {
        String longest = "frequency in (1" + ",1".repeat((Condition.MOST_CHARACTERS - 16) / 2) + ")";
        assertThatCode(() -> test(longest).test(ANN)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Condition.parse(longest + " ".repeat(10)))
                .hasMessageContaining("a condition has at most 4,000 characters");
        assertThatCode(() -> test("(".repeat(50) + "frequency = 1" + ")".repeat(50)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Condition.parse("(".repeat(51) + "frequency = 1" + ")".repeat(51)))
                .hasMessageStartingWith("at character 51, (: more than 50 brackets and nots");
        assertThatThrownBy(() -> Condition.parse("not ".repeat(900) + "frequency = 1"))
                .hasMessageContaining("more than 50");
        for (String sign : new String[] {"'", "(", "a", "1", "not ", "<", " ", ".", "''", "a(", "1e"}) {
            String many = sign.repeat(Condition.MOST_CHARACTERS / sign.length());
            assertThatThrownBy(() -> Condition.parse(many)).isInstanceOf(ConditionException.class);
        }
    }

    @Test
    void allocatesNothingPerCustomer() {
        Predicate<Facts> test = test(
                "segment('value') = 'c1' or not (attribute('plan') != 'basic' or attribute('joined') < '2020-01-01'"
                        + " or ordersIn('P90D') not in (4,5) or attribute('age') < recency and frequency is missing)");
        int matched = 0;
        for (int i = 0; i < 20_000; i++) {
            matched += test.test(ANN) ? 1 : 0;
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            matched += test.test(ANN) ? 1 : 0;
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(matched).isEqualTo(120_000);
        assertThat(allocated).isLessThan(100_000);
    }

    private static Predicate<Facts> test(String condition) {
        return Condition.parse(condition).compile(VOCABULARY);
    }
}
