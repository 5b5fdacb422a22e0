package clade.segmentation;

import clade.segmentation.Segment.Action;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What to do about each segment of the built-in RFM maps. */
final class Actions {

    private static final Map<String, Action> BY_SEGMENT = Map.of(
            "champions",
                    action(
                            "Reward and listen",
                            "Thank them with early access or a perk that costs little, not with a discount they don't need",
                            "Ask for reviews and referrals",
                            "Find out what they would buy next"),
            "loyal-customers",
                    action(
                            "Grow the basket",
                            "Offer what goes with what they buy",
                            "Invite them to the loyalty programme",
                            "Ask for a review after the next order"),
            "potential-loyalists",
                    action(
                            "Make it a habit",
                            "Recommend from what they bought",
                            "Offer a reason for the next order within their usual gap",
                            "Show the benefits of membership"),
            "new-customers",
                    action(
                            "Welcome them well",
                            "Send a short series that helps them enjoy the first order",
                            "Offer a reason for a second order within a month",
                            "Ask early whether everything went right"),
            "promising",
                    action(
                            "Bring about the second order",
                            "Remind them of the shop with what is new since their order",
                            "Offer a small incentive on a second order"),
            "need-attention",
                    action(
                            "Reawaken interest",
                            "Send a limited offer on what they bought before",
                            "Show what is new since their last order"),
            "about-to-sleep",
                    action(
                            "Catch them before they go",
                            "Send what sells best and what is new",
                            "Ask whether they want to hear from you less often"),
            "at-risk",
                    action(
                            "Win them back in person",
                            "Send a personal message that names what they used to buy",
                            "Offer renewal or replacement of it",
                            "Ask what went wrong"),
            "cant-lose-them",
                    action(
                            "Call them",
                            "Let a person, not a campaign, get in touch",
                            "Ask what changed and mend it",
                            "Make an offer that matches what they were worth"),
            "hibernating",
                    action(
                            "Spend little",
                            "Send one reactivation offer, then seldom",
                            "Take those who never react off paid channels"));

    /** Segments of other built-in maps that call for the same. */
    private static final Map<String, String> SAME = Map.of(
            "loyal", "loyal-customers",
            "recent", "new-customers",
            "needs-attention", "need-attention",
            "inactive", "hibernating",
            "lost", "hibernating");

    private Actions() {}

    /** The action for a segment of a built-in map, null for another key. */
    static @Nullable Action find(String segment) {
        return BY_SEGMENT.get(SAME.getOrDefault(segment, segment));
    }

    private static Action action(String title, String... steps) {
        return new Action(title, List.of(steps));
    }
}
