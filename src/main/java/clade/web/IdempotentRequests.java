package clade.web;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.TransactionException;

/**
 * Owns {@code idempotent_request}: which attempt works on a request, and what it was answered. An attempt shows every two
 * seconds that it is alive; one that has been silent for ten was lost with its instance, and the next attempt takes its place.
 */
@Repository
class IdempotentRequests {

    private static final Logger LOG = LoggerFactory.getLogger(IdempotentRequests.class);
    private static final long BEAT_MILLIS = 2_000;
    private static final int SILENT_SECONDS = 10;

    private final JdbcClient jdbc;
    private final Set<UUID> alive = ConcurrentHashMap.newKeySet();

    IdempotentRequests(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whose key it is, and where. */
    record Scope(String owner, String dataset, String key) {}

    /** What a request was answered. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once and never compared
    record Answer(
            int status, @Nullable String location, @Nullable String contentType, byte[] body) {}

    /** A request of that key that came before; without an answer it is still worked on. */
    @SuppressWarnings("ArrayRecordComponent") // digests, compared here alone
    record Earlier(
            byte[] head, byte @Nullable [] body, @Nullable Answer answer) {

        boolean hasHead(byte[] digest) {
            return Arrays.equals(head, digest);
        }

        boolean hasBody(byte @Nullable [] digest) {
            return Arrays.equals(body, digest);
        }
    }

    /** Makes the request this attempt's own, if nobody else has it. */
    boolean claim(Scope scope, byte[] head, UUID attempt) {
        boolean claimed = jdbc.sql("""
                        insert into idempotent_request as known (owner, dataset, key, head, attempt)
                        values (:owner, :dataset, :key, :head, :attempt)
                        on conflict (owner, dataset, key) do update set head = excluded.head, attempt = excluded.attempt,
                            heartbeat_at = excluded.heartbeat_at, expires_at = excluded.expires_at, body = null, status = null,
                            location = null, content_type = null, answer = null
                        where known.expires_at < now()
                           or (known.status is null and known.head = excluded.head
                               and known.heartbeat_at < now() - make_interval(secs => :silent))""")
                        .param("owner", scope.owner())
                        .param("dataset", scope.dataset())
                        .param("key", scope.key())
                        .param("head", head)
                        .param("attempt", attempt)
                        .param("silent", SILENT_SECONDS)
                        .update()
                == 1;
        if (claimed) {
            alive.add(attempt);
        }
        return claimed;
    }

    /** The request that has the key; empty if it was given back meanwhile. */
    Optional<Earlier> find(Scope scope) {
        return jdbc.sql("""
                        select head, body, status, location, content_type, answer from idempotent_request
                        where owner = :owner and dataset = :dataset and key = :key""")
                .param("owner", scope.owner())
                .param("dataset", scope.dataset())
                .param("key", scope.key())
                .query((row, number) -> new Earlier(
                        row.getBytes("head"),
                        row.getBytes("body"),
                        row.getObject("status") == null
                                ? null
                                : new Answer(
                                        row.getInt("status"),
                                        row.getString("location"),
                                        row.getString("content_type"),
                                        row.getBytes("answer"))))
                .optional();
    }

    /** Keeps the answer; false if the request is not this attempt's any more. */
    boolean keep(UUID attempt, byte[] body, Answer answer) {
        return jdbc.sql("""
                        update idempotent_request set body = :body, status = :status, location = :location,
                            content_type = :type, answer = :answer
                        where attempt = :attempt and status is null""")
                        .param("body", body)
                        .param("status", answer.status())
                        .param("location", answer.location())
                        .param("type", answer.contentType())
                        .param("answer", answer.body())
                        .param("attempt", attempt)
                        .update()
                == 1;
    }

    /** Ends the attempt; if its answer was not kept, the key is free again. */
    void end(UUID attempt) {
        alive.remove(attempt);
        try {
            jdbc.sql("delete from idempotent_request where attempt = :attempt and status is null")
                    .param("attempt", attempt)
                    .update();
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("An Idempotency-Key stays taken for {} seconds: {}", SILENT_SECONDS, e.getMessage());
        }
    }

    @Scheduled(fixedDelay = BEAT_MILLIS)
    void beat() {
        List<UUID> attempts = List.copyOf(alive);
        if (attempts.isEmpty()) {
            return;
        }
        try {
            jdbc.sql("update idempotent_request set heartbeat_at = now() where attempt in (:attempts)")
                    .param("attempts", attempts)
                    .update();
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("Heartbeat of {} requests failed: {}", attempts.size(), e.getMessage());
        }
    }

    void sweep() {
        jdbc.sql("delete from idempotent_request where expires_at < now()").update();
    }
}
