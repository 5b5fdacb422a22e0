package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A heap that others have filled but for a little. */
final class FullHeap {

    private static final int PIECE = 1 << 14;

    private FullHeap() {}

    /** Works with about so many megabytes of the heap left; returns what is thrown, null if nothing. */
    static Throwable with(int megabytes, ThrowingCallable work) {
        List<byte[]> ballast = new ArrayList<>();
        System.gc(); // so that what is free is known
        for (long room = Memory.free() - ((long) megabytes << 20); room > 0; room -= PIECE) {
            ballast.add(new byte[PIECE]);
        }
        Throwable thrown = catchThrowable(work);
        assertThat(ballast).isNotEmpty(); // it must live until here
        return thrown;
    }
}
