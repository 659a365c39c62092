package io.chasqui.core.session;

import io.chasqui.core.definition.QueueDeclaration;
import io.chasqui.core.definition.Resource;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Access;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.vhost.Declared;
import io.chasqui.core.vhost.Names;
import io.chasqui.core.vhost.ReplyQueues;
import io.chasqui.core.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a user may ask of queues: each is checked against the permissions, done in the user's name, and
 * answered once it is on disk. Knows the session's exclusive queues.
 */
public final class QueueRequests {

    private final Session session;
    private final VirtualHost vhost;
    private final Access access;
    private final Shard shard;
    private final IneffectiveArguments ineffective;
    private final Set<Queue> exclusives = new LinkedHashSet<>();

    QueueRequests(Session session, IneffectiveArguments ineffective) {
        this.session = session;
        this.vhost = session.vhost();
        this.access = session.access();
        this.shard = session.shard();
        this.ineffective = ineffective;
    }

    public void declare(QueueDeclaration declaration, Reply<QueueStatus> reply) {
        if (ReplyQueues.isAddress(declaration.name())) {
            checkReplies(declaration.name(), reply);
            return;
        }
        Declared declared =
                session.inMyName(() -> vhost.declareQueue(declaration, session.id(), access));
        Queue queue = declared.queue();
        shard.counters().queuesDeclared++;
        if (declared.created()) {
            shard.counters().queuesCreated++;
        }
        ineffective.note(Resource.queue(queue.name(), vhost.name()), declaration.arguments());
        if (declaration.exclusive()) {
            exclusives.add(queue);
        }
        Runnable again = () -> declare(declaration, reply);
        session.whenDurable(declared.position(), () -> status(queue, reply, again));
    }

    /** Only checks that the queue is there and tells about it. */
    public void check(String name, Reply<QueueStatus> reply) {
        if (ReplyQueues.isAddress(name)) {
            checkReplies(name, reply);
            return;
        }
        access.checkAny(queue(name));
        status(vhost.existingQueue(name, session.id()), reply, () -> check(name, reply));
    }

    /** An address of direct replies is there as long as its consumer is, and holds nothing. */
    private void checkReplies(String address, Reply<QueueStatus> reply) {
        vhost.replies().checkOpen(address);
        reply.ok(new QueueStatus(address, 0, 1));
    }

    /**
     * Tells about a queue, which that renews the lease of (x-expires).
     *
     * @param gone what to do if the queue turns out to have been deleted meanwhile
     */
    private void status(Queue queue, Reply<QueueStatus> reply, Runnable gone) {
        shard.run(
                queue.shard(),
                () -> {
                    if (queue.use()) {
                        QueueStatus status =
                                new QueueStatus(queue.name(), queue.ready(), queue.consumers());
                        answer(queue, () -> reply.ok(status));
                    } else {
                        answer(queue, () -> afterDeletion(queue, reply, gone));
                    }
                });
    }

    private <T> void afterDeletion(Queue queue, Reply<T> reply, Runnable gone) {
        vhost.queueRemoved(queue);
        try {
            gone.run();
        } catch (Refusal refusal) {
            reply.refused(refusal);
        }
    }

    /** Deletes a queue, telling how many ready messages it held; 0 if there is none of that name. */
    public void delete(String name, boolean ifUnused, boolean ifEmpty, Reply<Long> reply) {
        access.checkConfigure(queue(name));
        Queue queue = vhost.queue(name);
        if (queue == null) {
            reply.ok(0L);
            return;
        }
        vhost.checkAccess(queue, session.id());
        exclusives.remove(queue);
        shard.run(
                queue.shard(),
                () -> {
                    try {
                        Queue.Deleted deleted =
                                session.inMyName(() -> queue.delete(ifUnused, ifEmpty));
                        answer(
                                queue,
                                () ->
                                        session.whenDurable(
                                                deleted.position(),
                                                () -> reply.ok(deleted.messages())));
                    } catch (Refusal refusal) {
                        answer(queue, () -> reply.refused(refusal));
                    }
                });
    }

    /** Drops the ready messages of a queue, telling how many. */
    public void purge(String name, Reply<Long> reply) {
        access.checkRead(queue(name));
        if (vhost.replies().isOpen(name)) {
            reply.ok(0L);
            return;
        }
        Queue queue = vhost.existingQueue(name, session.id());
        shard.run(
                queue.shard(),
                () -> queue.purge(messages -> answer(queue, () -> reply.ok(messages))));
    }

    /** The session ends, and with it the queues that are its own. */
    void dropExclusive() {
        for (Queue queue : new ArrayList<>(exclusives)) {
            // The name is free at once: a client that reconnects may declare it again.
            session.inMyName(() -> vhost.queueRemoved(queue));
            shard.run(queue.shard(), queue::drop);
        }
        exclusives.clear();
    }

    /** Runs the task on this session's shard; called on the queue's. */
    private void answer(Queue queue, Runnable task) {
        queue.shard().run(shard, task);
    }

    private Resource queue(String name) {
        return Resource.queue(Names.withoutLineBreaks(name), vhost.name());
    }
}
