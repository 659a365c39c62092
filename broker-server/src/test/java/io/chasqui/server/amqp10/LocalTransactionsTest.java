package io.chasqui.server.amqp10;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.ChildBroker;
import io.chasqui.server.testing.RunningBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.Outcome;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Released;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.transaction.Coordinator;
import org.apache.qpid.proton.amqp.transaction.Declare;
import org.apache.qpid.proton.amqp.transaction.Declared;
import org.apache.qpid.proton.amqp.transaction.Discharge;
import org.apache.qpid.proton.amqp.transaction.TransactionalState;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.End;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.ReceiverSettleMode;
import org.apache.qpid.proton.amqp.transport.Role;
import org.apache.qpid.proton.amqp.transport.SenderSettleMode;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** 1.0 part 4: what is posted and retired in a transaction takes effect at its discharge, or never. */
@ParameterizedClass
@ValueSource(ints = {1, 3})
class LocalTransactionsTest {

    private static final int COORDINATOR = 0;
    private static final int TO_A = 1;
    private static final int TO_B = 2;
    private static final int FROM_A = 3;

    private final int eventLoops;
    private RunningBroker broker;
    private Channel channel;
    private Amqp10Peer peer;
    private int nextId;

    LocalTransactionsTest(int eventLoops) {
        this.eventLoops = eventLoops;
    }

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.withEventLoops(eventLoops);
        channel = broker.connect().createChannel();
        channel.queueDeclare("a", true, false, false, Map.of());
        broker.connect().createChannel().queueDeclare("b", true, false, false, Map.of());
        peer = coordinated(broker.port());
        peer.attachesSender(TO_A, "/queues/a").attachesSender(TO_B, "/queues/b");
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        broker.close();
    }

    // -- what a client says

    private static Amqp10Peer coordinated(int port) throws IOException {
        Amqp10Peer peer = Amqp10Peer.connect(port).logsIn().begins();
        peer.sends(0, coordinator(COORDINATOR, Accepted.DESCRIPTOR_SYMBOL, rejectedToo()));
        Attach attached = peer.expects(Attach.class);
        assertThat(((Coordinator) attached.getTarget()).getCapabilities())
                .contains(Symbol.valueOf("amqp:local-transactions"));
        assertThat(peer.expects(Flow.class).getLinkCredit().intValue()).isPositive();
        return peer;
    }

    private static Symbol rejectedToo() {
        return Rejected.DESCRIPTOR_SYMBOL;
    }

    private static Attach coordinator(int handle, Symbol... outcomes) {
        Attach attach = Amqp10Peer.sender(handle, null);
        Source source = new Source();
        source.setOutcomes(outcomes);
        attach.setSource(source);
        Coordinator target = new Coordinator();
        target.setCapabilities(Symbol.valueOf("amqp:local-transactions"));
        attach.setTarget(target);
        return attach;
    }

    private static DeliveryState within(Binary transaction, @Nullable Outcome outcome) {
        TransactionalState state = new TransactionalState();
        state.setTxnId(transaction);
        state.setOutcome(outcome);
        return state;
    }

    private int sends(int handle, @Nullable DeliveryState state, boolean settled, byte... message)
            throws IOException {
        int id = nextId++;
        Transfer transfer = Amqp10Peer.transfer(handle, id);
        transfer.setState(state);
        transfer.setSettled(settled);
        peer.sends(0, transfer, message);
        return id;
    }

    private DeliveryState outcomeOf(int id) throws IOException {
        Disposition told = peer.awaits(Disposition.class);
        while (told.getRole() != Role.RECEIVER || last(told) < id) {
            told = peer.awaits(Disposition.class);
        }
        return told.getState();
    }

    private static int last(Disposition told) {
        UnsignedInteger last = told.getLast();
        return (last == null ? told.getFirst() : last).intValue();
    }

    private Binary declares() throws IOException {
        byte[] request = Amqp10Peer.section(new AmqpValue(new Declare()));
        Declared declared = (Declared) outcomeOf(sends(COORDINATOR, null, false, request));
        return declared.getTxnId();
    }

    private int sendsDischarge(Binary transaction, boolean fail) throws IOException {
        Discharge discharge = new Discharge();
        discharge.setTxnId(transaction);
        discharge.setFail(fail);
        return sends(COORDINATOR, null, false, Amqp10Peer.section(new AmqpValue(discharge)));
    }

    private DeliveryState discharges(Binary transaction, boolean fail) throws IOException {
        return outcomeOf(sendsDischarge(transaction, fail));
    }

    private void commits(Binary transaction) throws IOException {
        assertThat(discharges(transaction, false)).isInstanceOf(Accepted.class);
    }

    private void rollsBack(Binary transaction) throws IOException {
        assertThat(discharges(transaction, true)).isInstanceOf(Accepted.class);
    }

    /** Posts messages and hears their presumptive outcome. */
    private void posts(Binary transaction, int handle, String... bodies) throws IOException {
        for (String body : bodies) {
            int id = sends(handle, within(transaction, null), false, Messages.durable(body));
            TransactionalState told = (TransactionalState) outcomeOf(id);
            assertThat(told.getTxnId()).isEqualTo(transaction);
            assertThat(told.getOutcome()).isInstanceOf(Accepted.class);
        }
    }

    private void retires(Binary transaction, int id, boolean settled, @Nullable Outcome outcome)
            throws IOException {
        tells(id, settled, within(transaction, outcome));
    }

    private void tells(int id, boolean settled, @Nullable DeliveryState state) throws IOException {
        Disposition disposition = new Disposition();
        disposition.setRole(Role.RECEIVER);
        disposition.setFirst(UnsignedInteger.valueOf(id));
        disposition.setSettled(settled);
        disposition.setState(state);
        peer.sends(0, disposition);
    }

    private void given(String... bodies) throws Exception {
        Channel direct = broker.connect().createChannel();
        direct.confirmSelect();
        for (String body : bodies) {
            direct.basicPublish("", "a", null, body.getBytes(UTF_8));
        }
        direct.waitForConfirmsOrDie();
    }

    /** The next message of the receiver. */
    private Transfer receives(String body) throws IOException {
        Transfer transfer = peer.awaits(Transfer.class);
        assertThat(new String(peer.payload(), UTF_8)).endsWith(body);
        return transfer;
    }

    private List<String> drained(String queue) throws IOException {
        return drained(channel, queue);
    }

    private static List<String> drained(Channel channel, String queue) throws IOException {
        List<String> bodies = new ArrayList<>();
        for (GetResponse got = channel.basicGet(queue, true);
                got != null;
                got = channel.basicGet(queue, true)) {
            bodies.add(new String(got.getBody(), UTF_8));
        }
        return bodies;
    }

    private static String condition(DeliveryState state) {
        return ((Rejected) state).getError().getCondition().toString();
    }

    private void detachedFor(String condition) throws IOException {
        ErrorCondition error = peer.awaits(Detach.class).getError();
        assertThat((Object) error.getCondition()).hasToString(condition);
    }

    // -- posting

    @Test
    void messages_are_seen_at_the_discharge_and_in_order() throws Exception {
        Binary transaction = declares();
        posts(transaction, TO_A, "1", "2");
        posts(transaction, TO_B, "3");
        posts(transaction, TO_A, "4");
        assertThat(channel.messageCount("a")).isZero();
        commits(transaction);
        assertThat(drained("a")).containsExactly("1", "2", "4");
        assertThat(drained("b")).containsExactly("3");
    }

    @Test
    void a_rollback_forgets_them() throws Exception {
        Binary transaction = declares();
        posts(transaction, TO_A, "never");
        rollsBack(transaction);
        Binary next = declares();
        posts(next, TO_A, "1");
        commits(next);
        assertThat(drained("a")).containsExactly("1");
    }

    @Test
    void several_are_open_at_once_on_one_link() throws Exception {
        Binary first = declares();
        Binary second = declares();
        Binary third = declares();
        posts(first, TO_A, "1");
        posts(second, TO_A, "2");
        posts(third, TO_A, "3");
        posts(first, TO_A, "4");
        commits(second);
        assertThat(drained("a")).containsExactly("2");
        rollsBack(third);
        commits(first);
        assertThat(drained("a")).containsExactly("1", "4");
    }

    @Test
    void messages_without_a_transaction_pass_those_within() throws Exception {
        Binary transaction = declares();
        posts(transaction, TO_A, "within");
        int id = sends(TO_A, null, false, Messages.durable("without"));
        assertThat(outcomeOf(id)).isInstanceOf(Accepted.class);
        assertThat(drained("a")).containsExactly("without");
        commits(transaction);
        assertThat(drained("a")).containsExactly("within");
    }

    @Test
    void what_is_sent_settled_is_part_of_it_too() throws Exception {
        Binary transaction = declares();
        sends(TO_A, within(transaction, null), true, Messages.durable("1"));
        commits(transaction);
        assertThat(drained("a")).containsExactly("1");
    }

    @Test
    void a_message_in_several_frames_and_parts_is_part_of_it() throws Exception {
        Binary transaction = declares();
        String body = "x".repeat(3 << 20);
        byte[] message = Messages.durable(body);
        int id = nextId++;
        int sent = 0;
        while (sent < message.length) {
            int size = Math.min(100_000, message.length - sent);
            byte[] part = new byte[size];
            System.arraycopy(message, sent, part, 0, size);
            sent += size;
            Transfer transfer = Amqp10Peer.transfer(TO_A, id);
            transfer.setState(within(transaction, null));
            transfer.setMore(sent < message.length);
            peer.sends(0, transfer, part);
        }
        assertThat(outcomeOf(id)).isInstanceOf(TransactionalState.class);
        assertThat(channel.messageCount("a")).isZero();
        commits(transaction);
        assertThat(drained("a")).containsExactly(body);
    }

    @Test
    void a_message_that_is_not_whole_at_the_discharge_is_refused() throws Exception {
        Binary transaction = declares();
        byte[] message = Messages.durable("late");
        int id = nextId++;
        Transfer transfer = Amqp10Peer.transfer(TO_A, id);
        transfer.setState(within(transaction, null));
        transfer.setMore(true);
        peer.sends(0, transfer, Arrays.copyOf(message, 10));
        commits(transaction);
        transfer.setMore(false);
        peer.sends(0, transfer, Arrays.copyOfRange(message, 10, message.length));
        detachedFor("amqp:transaction:unknown-id");
        assertThat(drained("a")).isEmpty();
    }

    @Test
    void a_session_has_only_so_many_open() throws Exception {
        for (int i = 0; i < Amqp10Terms.TRANSACTIONS_MAX; i++) {
            declares();
        }
        byte[] request = Amqp10Peer.section(new AmqpValue(new Declare()));
        assertThat(condition(outcomeOf(sends(COORDINATOR, null, false, request))))
                .isEqualTo("amqp:resource-limit-exceeded");
        peer.sends(0, coordinator(4, Accepted.DESCRIPTOR_SYMBOL, rejectedToo()));
        peer.awaits(Attach.class);
        assertThat(condition(outcomeOf(sends(4, null, false, request))))
                .isEqualTo("amqp:resource-limit-exceeded");
    }

    @Test
    void a_disposition_of_what_was_never_sent_changes_nothing() throws Exception {
        Binary transaction = declares();
        Disposition disposition = new Disposition();
        disposition.setRole(Role.RECEIVER);
        disposition.setFirst(UnsignedInteger.valueOf(0x7FFF_FFFE));
        disposition.setLast(UnsignedInteger.valueOf(0x8000_0010L));
        disposition.setSettled(true);
        disposition.setState(Accepted.getInstance());
        peer.sends(0, disposition);
        posts(transaction, TO_A, "1");
        commits(transaction);
        assertThat(drained("a")).containsExactly("1");
    }

    @Test
    void what_reaches_no_queue_is_told_at_once_and_the_rest_may_be_committed() throws Exception {
        peer.attachesSender(4, "/exchanges/amq.direct/nobody");
        Binary transaction = declares();
        posts(transaction, TO_A, "1");
        int id = sends(4, within(transaction, null), false, Messages.data("lost"));
        TransactionalState told = (TransactionalState) outcomeOf(id);
        assertThat(told.getOutcome()).isInstanceOf(Released.class);
        commits(transaction);
        assertThat(drained("a")).containsExactly("1");
    }

    @Test
    void a_message_refused_for_its_address_is_told_and_the_rest_may_be_committed()
            throws Exception {
        peer.attachesSender(4, null);
        Binary transaction = declares();
        posts(transaction, TO_A, "1");
        int id = sends(4, within(transaction, null), false, Messages.data("without a to"));
        TransactionalState told = (TransactionalState) outcomeOf(id);
        assertThat(told.getOutcome()).isInstanceOf(Rejected.class);
        commits(transaction);
        assertThat(drained("a")).containsExactly("1");
    }

    @Test
    void a_transaction_with_a_message_refused_in_silence_can_only_be_rolled_back()
            throws Exception {
        peer.attachesSender(4, null);
        Binary transaction = declares();
        posts(transaction, TO_A, "never");
        sends(4, within(transaction, null), true, Messages.data("without a to"));
        assertThat(condition(discharges(transaction, false)))
                .isEqualTo("amqp:transaction:rollback");
        assertThat(drained("a")).isEmpty();
    }

    @Test
    void a_full_queue_rolls_everything_back() throws Exception {
        channel.queueDeclare(
                "small",
                true,
                false,
                false,
                Map.of("x-max-length", 2, "x-overflow", "reject-publish"));
        peer.attachesSender(4, "/queues/small");
        Binary transaction = declares();
        posts(transaction, TO_A, "never");
        posts(transaction, 4, "1", "2", "3");
        assertThat(condition(discharges(transaction, false)))
                .isEqualTo("amqp:transaction:rollback");
        assertThat(drained("small")).isEmpty();
        assertThat(drained("a")).isEmpty();
        Binary fits = declares();
        posts(fits, 4, "1", "2");
        commits(fits);
        assertThat(drained("small")).containsExactly("1", "2");
    }

    @Test
    void a_transaction_too_large_can_only_be_rolled_back() throws Exception {
        Binary transaction = declares();
        byte[] message = Messages.data("x".repeat(100_000));
        int sent = 0;
        for (; sent < 200; sent++) {
            sends(TO_A, within(transaction, null), true, message);
        }
        detachedFor("amqp:precondition-failed");
        assertThat(condition(discharges(transaction, false)))
                .isEqualTo("amqp:transaction:rollback");
        assertThat(drained("a")).isEmpty();
    }

    // -- retiring

    @Test
    void an_outcome_takes_effect_at_the_discharge() throws Exception {
        given("1", "2", "3");
        peer.attachesReceiver(FROM_A, "/queues/a", 3);
        Binary transaction = declaresAfterReceiving("1", "2", "3");
        retires(transaction, 0, true, Accepted.getInstance());
        retires(transaction, 1, true, Released.getInstance());
        retires(transaction, 2, true, new Rejected());
        posts(transaction, TO_B, "done");
        commits(transaction);
        peer.close();
        eventually(() -> assertThat(drained("a")).containsExactly("2"));
        assertThat(drained("b")).containsExactly("done");
    }

    private Binary declaresAfterReceiving(String... bodies) throws IOException {
        for (String body : bodies) {
            receives(body);
        }
        return declares();
    }

    @Test
    void after_a_rollback_what_was_not_settled_stays_with_the_link() throws Exception {
        given("1", "2");
        peer.attachesReceiver(FROM_A, "/queues/a", 10);
        Binary transaction = declaresAfterReceiving("1", "2");
        retires(transaction, 0, false, Accepted.getInstance());
        rollsBack(transaction);
        assertThat(channel.messageCount("a")).isZero();
        Binary next = declares();
        retires(next, 0, false, Accepted.getInstance());
        tells(1, true, Accepted.getInstance());
        commits(next);
        peer.close();
        eventually(() -> assertThat(broker.connections()).isEqualTo(3));
        assertThat(drained("a")).isEmpty();
    }

    @Test
    void after_a_rollback_what_was_settled_is_delivered_again() throws Exception {
        given("1", "2");
        peer.attachesReceiver(FROM_A, "/queues/a", 10);
        Binary transaction = declaresAfterReceiving("1", "2");
        retires(transaction, 0, true, Accepted.getInstance());
        retires(transaction, 1, true, Accepted.getInstance());
        int discharge = sendsDischarge(transaction, true);
        List<String> again = new ArrayList<>();
        boolean answered = false;
        while (again.size() < 2 || !answered) {
            switch (peer.hears()) {
                case Transfer _ -> again.add(new String(peer.payload(), UTF_8));
                case Disposition told when told.getFirst().intValue() == discharge -> {
                    assertThat(told.getState()).isInstanceOf(Accepted.class);
                    answered = true;
                }
                default -> {}
            }
        }
        assertThat(again.get(0)).endsWith("1");
        assertThat(again.get(1)).endsWith("2");
    }

    @Test
    void the_discharge_settles_what_the_client_did_not() throws Exception {
        given("1");
        peer.attachesReceiver(FROM_A, "/queues/a", 10);
        Binary transaction = declaresAfterReceiving("1");
        retires(transaction, 0, false, Accepted.getInstance());
        sendsDischarge(transaction, false);
        Disposition told = peer.awaits(Disposition.class);
        while (told.getRole() != Role.SENDER) {
            told = peer.awaits(Disposition.class);
        }
        assertThat(told.getFirst().intValue()).isZero();
        assertThat(told.getSettled()).isTrue();
        assertThat(told.getState()).isInstanceOf(Accepted.class);
    }

    @Test
    void a_client_may_change_its_mind_before_the_discharge() throws Exception {
        given("1");
        peer.attachesReceiver(FROM_A, "/queues/a", 1);
        Binary transaction = declaresAfterReceiving("1");
        retires(transaction, 0, false, Accepted.getInstance());
        retires(transaction, 0, false, Released.getInstance());
        tells(0, true, null);
        commits(transaction);
        assertThat(drained("a")).containsExactly("1");
    }

    @Test
    void what_was_retired_is_done_with_even_if_its_link_is_gone() throws Exception {
        given("1", "2");
        peer.attachesReceiver(FROM_A, "/queues/a", 2);
        Binary transaction = declaresAfterReceiving("1", "2");
        retires(transaction, 0, false, Accepted.getInstance());
        detaches(FROM_A);
        commits(transaction);
        eventually(() -> assertThat(drained("a")).containsExactly("2"));
    }

    @Test
    void what_was_retired_in_vain_goes_back_if_its_link_is_gone() throws Exception {
        given("1");
        peer.attachesReceiver(FROM_A, "/queues/a", 1);
        Binary transaction = declaresAfterReceiving("1");
        retires(transaction, 0, false, Accepted.getInstance());
        detaches(FROM_A);
        assertThat(drained("a")).isEmpty();
        rollsBack(transaction);
        eventually(() -> assertThat(drained("a")).containsExactly("1"));
    }

    private void detaches(int handle) throws IOException {
        Detach detach = new Detach();
        detach.setHandle(UnsignedInteger.valueOf(handle));
        detach.setClosed(true);
        peer.sends(0, detach);
        peer.awaits(Detach.class);
    }

    @Test
    void a_delivery_retired_in_two_transactions_ends_the_coordinator() throws Exception {
        given("1");
        peer.attachesReceiver(FROM_A, "/queues/a", 1);
        Binary first = declaresAfterReceiving("1");
        Binary second = declares();
        retires(first, 0, true, Accepted.getInstance());
        retires(second, 0, true, Accepted.getInstance());
        detachedFor("amqp:transaction:rollback");
        eventually(() -> assertThat(drained("a")).containsExactly("1"));
    }

    // -- their ends

    @Test
    void the_end_of_link_session_or_connection_is_a_rollback() throws Exception {
        given("1");
        peer.attachesReceiver(FROM_A, "/queues/a", 1);
        Binary transaction = declaresAfterReceiving("1");
        posts(transaction, TO_B, "never");
        retires(transaction, 0, true, Accepted.getInstance());
        detaches(COORDINATOR);
        eventually(() -> assertThat(drained("a")).containsExactly("1"));
        peer.close();

        given("2");
        peer = coordinated(broker.port());
        nextId = 0;
        peer.attachesSender(TO_B, "/queues/b").attachesReceiver(FROM_A, "/queues/a", 1);
        transaction = declaresAfterReceiving("2");
        posts(transaction, TO_B, "never");
        retires(transaction, 0, true, Accepted.getInstance());
        peer.sends(0, new End()).awaits(End.class);
        eventually(() -> assertThat(drained("a")).containsExactly("2"));
        peer.close();

        given("3");
        peer = coordinated(broker.port());
        nextId = 0;
        peer.attachesSender(TO_B, "/queues/b").attachesReceiver(FROM_A, "/queues/a", 1);
        transaction = declaresAfterReceiving("3");
        posts(transaction, TO_B, "never");
        retires(transaction, 0, true, Accepted.getInstance());
        peer.close();
        eventually(() -> assertThat(drained("a")).containsExactly("3"));
        assertThat(drained("b")).isEmpty();
    }

    @Test
    void a_commit_survives_a_restart() throws Exception {
        Binary transaction = declares();
        posts(transaction, TO_A, "1");
        posts(transaction, TO_B, "2");
        commits(transaction);
        posts(declares(), TO_A, "never");
        broker.restart();
        Channel after = broker.connect().createChannel();
        assertThat(drained(after, "a")).containsExactly("1");
        assertThat(drained(after, "b")).containsExactly("2");
    }

    @Test
    void what_is_answered_survives_kill_minus_9_and_nothing_else(@TempDir Path directory)
            throws Exception {
        peer.close();
        try (ChildBroker child = ChildBroker.launch(directory).awaitReady()) {
            try (com.rabbitmq.client.Connection connection = child.factory().newConnection()) {
                Channel declaring = connection.createChannel();
                declaring.queueDeclare("a", true, false, false, Map.of());
                declaring.queueDeclare("b", true, false, false, Map.of());
            }
            peer = coordinated(child.port());
            nextId = 0;
            peer.attachesSender(TO_A, "/queues/a").attachesSender(TO_B, "/queues/b");
            Binary open = declares();
            posts(open, TO_A, "never");
            Binary transaction = declares();
            posts(transaction, TO_A, "1");
            posts(transaction, TO_B, "2");
            commits(transaction);
        }
        try (ChildBroker child = ChildBroker.launch(directory).awaitReady();
                com.rabbitmq.client.Connection connection = child.factory().newConnection()) {
            Channel after = connection.createChannel();
            assertThat(drained(after, "a")).containsExactly("1");
            assertThat(drained(after, "b")).containsExactly("2");
        }
    }

    // -- acquiring

    /** Allows messages on a receiver, to be acquired in a transaction. */
    private void acquires(int handle, Binary transaction, int received, int credit)
            throws IOException {
        Flow flow = peer.newFlow(0);
        flow.setHandle(UnsignedInteger.valueOf(handle));
        flow.setDeliveryCount(UnsignedInteger.valueOf(received));
        flow.setLinkCredit(UnsignedInteger.valueOf(credit));
        flow.setProperties(Map.of(Symbol.valueOf("txn-id"), transaction));
        peer.sends(0, flow);
    }

    private void receivesWithin(Binary transaction, String body) throws IOException {
        TransactionalState state = (TransactionalState) receives(body).getState();
        assertThat(state.getTxnId()).isEqualTo(transaction);
        assertThat(state.getOutcome()).isNull();
    }

    @Test
    void what_is_acquired_in_it_says_so_until_the_discharge() throws Exception {
        Binary transaction = declares();
        peer.attachesReceiver(FROM_A, "/queues/a", 0);
        acquires(FROM_A, transaction, 0, 3);
        given("1", "2");
        receivesWithin(transaction, "1");
        receivesWithin(transaction, "2");
        retires(transaction, 0, true, Accepted.getInstance());
        commits(transaction);
        given("3");
        assertThat(receives("3").getState()).isNull();
        tells(1, true, Accepted.getInstance());
        tells(2, true, Accepted.getInstance());
        detaches(FROM_A);
        eventually(() -> assertThat(channel.messageCount("a")).isZero());
    }

    @Test
    void a_rollback_takes_back_what_was_acquired_whatever_was_said_of_it() throws Exception {
        given("1", "2", "3");
        peer.attachesReceiver(FROM_A, "/queues/a", 0);
        Binary transaction = declares();
        acquires(FROM_A, transaction, 0, 3);
        receivesWithin(transaction, "1");
        receivesWithin(transaction, "2");
        receivesWithin(transaction, "3");
        retires(transaction, 0, true, Accepted.getInstance());
        retires(transaction, 1, false, Accepted.getInstance());
        int id = sendsDischarge(transaction, true);
        for (int taken = 1; taken <= 2; taken++) {
            Disposition told = peer.awaits(Disposition.class);
            assertThat(told.getRole()).isEqualTo(Role.SENDER);
            assertThat(told.getFirst().intValue()).isEqualTo(taken);
            assertThat(told.getSettled()).isTrue();
            assertThat(told.getState()).isInstanceOf(Released.class);
        }
        assertThat(outcomeOf(id)).isInstanceOf(Accepted.class);
        eventually(() -> assertThat(drained("a")).containsExactly("1", "2", "3"));
    }

    @Test
    void the_end_of_the_coordinator_takes_back_what_was_acquired() throws Exception {
        given("1");
        peer.attachesReceiver(FROM_A, "/queues/a", 0);
        Binary transaction = declares();
        acquires(FROM_A, transaction, 0, 1);
        receivesWithin(transaction, "1");
        detaches(COORDINATOR);
        eventually(() -> assertThat(drained("a")).containsExactly("1"));
    }

    @Test
    void a_link_that_ends_gives_back_what_it_acquired() throws Exception {
        given("1");
        peer.attachesReceiver(FROM_A, "/queues/a", 0);
        Binary transaction = declares();
        acquires(FROM_A, transaction, 0, 1);
        receivesWithin(transaction, "1");
        detaches(FROM_A);
        peer.attachesReceiver(FROM_A, "/queues/a", 1);
        receives("1");
        Disposition both = new Disposition();
        both.setRole(Role.RECEIVER);
        both.setFirst(UnsignedInteger.ZERO);
        both.setLast(UnsignedInteger.ONE);
        both.setSettled(true);
        both.setState(Accepted.getInstance());
        peer.sends(0, both);
        rollsBack(transaction);
        detaches(FROM_A);
        assertThat(drained("a")).isEmpty();
    }

    @Test
    void what_is_acquired_in_it_is_not_retired_outside_of_it() throws Exception {
        given("1");
        peer.attachesReceiver(FROM_A, "/queues/a", 0);
        Binary transaction = declares();
        acquires(FROM_A, transaction, 0, 1);
        receivesWithin(transaction, "1");
        tells(0, true, Accepted.getInstance());
        detachedFor("amqp:transaction:rollback");
        eventually(() -> assertThat(drained("a")).containsExactly("1"));
    }

    @Test
    void a_large_message_is_acquired_in_frames() throws Exception {
        String body = "x".repeat(300_000);
        given(body);
        peer.attachesReceiver(FROM_A, "/queues/a", 0);
        Binary transaction = declares();
        acquires(FROM_A, transaction, 0, 1);
        Transfer transfer = peer.awaits(Transfer.class);
        assertThat(transfer.getState()).isInstanceOf(TransactionalState.class);
        int octets = peer.payload().length;
        while (transfer.getMore()) {
            transfer = peer.awaits(Transfer.class);
            octets += peer.payload().length;
        }
        assertThat(octets).isGreaterThan(300_000);
        retires(transaction, 0, true, Accepted.getInstance());
        commits(transaction);
        assertThat(drained("a")).isEmpty();
    }

    @Test
    void the_link_tells_what_it_acquires_in() throws Exception {
        peer.attachesReceiver(FROM_A, "/queues/a", 0);
        Binary transaction = declares();
        acquires(FROM_A, transaction, 0, 1);
        peer.grants(FROM_A, 0, 1, true);
        Map<?, ?> told = peer.awaits(Flow.class).getProperties();
        assertThat(told.get(Symbol.valueOf("txn-id"))).isEqualTo(transaction);
    }

    @Test
    void a_link_does_not_acquire_in_what_is_not_open_or_what_is_settled() throws Exception {
        peer.attachesReceiver(FROM_A, "/queues/a", 0);
        acquires(FROM_A, new Binary("nowhere".getBytes(UTF_8)), 0, 1);
        detachedFor("amqp:transaction:unknown-id");
        Attach settled = Amqp10Peer.receiver(4, "/queues/a");
        settled.setSndSettleMode(SenderSettleMode.SETTLED);
        peer.sends(0, settled).awaits(Attach.class);
        acquires(4, declares(), 0, 1);
        detachedFor("amqp:not-implemented");
    }

    // -- what a client gets wrong

    @Test
    void an_unknown_transaction_is_refused() throws Exception {
        Binary unknown = new Binary("nowhere".getBytes(UTF_8));
        assertThat(condition(discharges(unknown, false))).isEqualTo("amqp:transaction:unknown-id");
        Binary known = declares();
        commits(known);
        assertThat(condition(discharges(known, false))).isEqualTo("amqp:transaction:unknown-id");
        sends(TO_A, within(unknown, null), false, Messages.data("never"));
        detachedFor("amqp:transaction:unknown-id");
        given("1");
        peer.attachesReceiver(FROM_A, "/queues/a", 1);
        receives("1");
        retires(unknown, 0, true, Accepted.getInstance());
        ErrorCondition error = peer.awaits(End.class).getError();
        assertThat((Object) error.getCondition()).hasToString("amqp:transaction:unknown-id");
        eventually(() -> assertThat(drained("a")).containsExactly("1"));
    }

    @Test
    void a_link_without_the_rejected_outcome_is_detached_instead() throws Exception {
        detaches(COORDINATOR);
        peer.sends(0, coordinator(COORDINATOR, Accepted.DESCRIPTOR_SYMBOL)).expects(Attach.class);
        sendsDischarge(new Binary("nowhere".getBytes(UTF_8)), false);
        detachedFor("amqp:transaction:unknown-id");
    }

    @Test
    void requests_are_sent_unsettled_and_are_declare_or_discharge() throws Exception {
        sends(COORDINATOR, null, true, Amqp10Peer.section(new AmqpValue(new Declare())));
        detachedFor("amqp:not-allowed");
        peer.sends(0, coordinator(5)).expects(Attach.class);
        sends(5, null, false, Amqp10Peer.section(new AmqpValue("declare")));
        detachedFor("amqp:decode-error");
        peer.sends(0, coordinator(6)).expects(Attach.class);
        sends(6, null, false, Messages.data("x".repeat(2000)));
        detachedFor("amqp:link:message-size-exceeded");
    }

    @Test
    void a_coordinator_has_at_most_64_transactions() throws Exception {
        for (int i = 0; i < 64; i++) {
            declares();
        }
        byte[] request = Amqp10Peer.section(new AmqpValue(new Declare()));
        DeliveryState answer = outcomeOf(sends(COORDINATOR, null, false, request));
        assertThat(condition(answer)).isEqualTo("amqp:resource-limit-exceeded");
    }

    @Test
    void a_client_that_settles_second_is_left_to_settle() throws Exception {
        Attach attach = Amqp10Peer.sender(4, "/queues/a");
        attach.setRcvSettleMode(ReceiverSettleMode.SECOND);
        peer.sends(0, attach).awaits(Flow.class);
        Binary transaction = declares();
        sends(4, within(transaction, null), false, Messages.durable("1"));
        assertThat(peer.awaits(Disposition.class).getSettled()).isFalse();
        commits(transaction);
        assertThat(drained("a")).containsExactly("1");
    }
}
