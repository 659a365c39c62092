package io.chasqui.core.exchange;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The binding keys of a topic exchange, one edge per word. One writer at a time, readers without a
 * lock: a node that the writer cuts off stays whole for the reader that stands on it.
 *
 * <p>Matching runs the trie as a nondeterministic automaton, keeping the set of all nodes where the
 * words read so far can end. A {@code #} node, once reached, absorbs every further word and so
 * never leaves the set. Each node is in the set at most once per word, so the cost is at most words
 * × nodes whatever the keys are, where trying each length of every {@code #} in turn would be
 * exponential.
 */
final class TopicTrie {

    private static final String ONE_WORD = "*";
    private static final String ANY_WORDS = "#";

    /** Null edges are the common case: most nodes are leaves. */
    private static final class Node {
        final BindingSet bindings = new BindingSet();
        volatile @Nullable ConcurrentMap<String, Node> words;
        volatile @Nullable Node oneWord;
        volatile @Nullable Node anyWords;

        @Nullable Node next(String pattern) {
            return switch (pattern) {
                case ONE_WORD -> oneWord;
                case ANY_WORDS -> anyWords;
                default -> word(pattern);
            };
        }

        @Nullable Node word(String word) {
            ConcurrentMap<String, Node> edges = words;
            return edges == null ? null : edges.get(word);
        }

        Node nextOrNew(String pattern) {
            Node there = next(pattern);
            if (there != null) {
                return there;
            }
            Node created = new Node();
            switch (pattern) {
                case ONE_WORD -> oneWord = created;
                case ANY_WORDS -> anyWords = created;
                default -> edges().put(pattern, created);
            }
            return created;
        }

        void cut(String pattern) {
            switch (pattern) {
                case ONE_WORD -> oneWord = null;
                case ANY_WORDS -> anyWords = null;
                default -> {
                    ConcurrentMap<String, Node> edges = edges();
                    edges.remove(pattern);
                    if (edges.isEmpty()) {
                        words = null;
                    }
                }
            }
        }

        boolean isEmpty() {
            return bindings.isEmpty() && words == null && oneWord == null && anyWords == null;
        }

        private ConcurrentMap<String, Node> edges() {
            ConcurrentMap<String, Node> edges = words;
            if (edges == null) {
                edges = new ConcurrentHashMap<>(4);
                words = edges;
            }
            return edges;
        }
    }

    private final Node root = new Node();

    /** The bindings under this key, made if there are none. */
    BindingSet at(List<String> key) {
        Node node = root;
        for (String pattern : key) {
            node = node.nextOrNew(pattern);
        }
        return node.bindings;
    }

    /** The bindings under exactly this key. */
    @Nullable BindingSet find(List<String> key) {
        Node node = root;
        for (String pattern : key) {
            node = node.next(pattern);
            if (node == null) {
                return null;
            }
        }
        return node.bindings;
    }

    /** Cuts the nodes on the way to this key that lead to no binding any more. */
    void prune(List<String> key) {
        List<Node> path = new ArrayList<>();
        Node node = root;
        for (String pattern : key) {
            path.add(node);
            node = node.next(pattern);
            if (node == null) {
                return;
            }
        }
        for (int i = key.size() - 1; i >= 0 && node.isEmpty(); i--) {
            node = path.get(i);
            node.cut(key.get(i));
        }
    }

    boolean isEmpty() {
        return root.isEmpty();
    }

    void forEach(Consumer<BindingSet> action) {
        forEach(root, action);
    }

    /** Hands over the bindings of every key which these words match, each set once. */
    void forEachMatch(List<String> words, Consumer<BindingSet> action) {
        Reached reached = new Reached(root);
        words.forEach(reached::read);
        reached.forEach(action);
    }

    /** A binding key is at most 255 octets long, so this goes no deeper than 256 nodes. */
    private static void forEach(@Nullable Node node, Consumer<BindingSet> action) {
        if (node == null) {
            return;
        }
        action.accept(node.bindings);
        forEach(node.oneWord, action);
        forEach(node.anyWords, action);
        ConcurrentMap<String, Node> words = node.words;
        if (words != null) {
            words.values().forEach(next -> forEach(next, action));
        }
    }

    /** Where the words read so far can end. */
    private static final class Reached {

        /** Nodes behind a word or a {@code *}: each has one way in, so none comes twice. */
        private List<Node> now = new ArrayList<>();

        /** Nodes behind a {@code #}, in the order in which they were first reached. */
        private final List<Node> absorbing = new ArrayList<>();

        private final Set<Node> absorbed = Collections.newSetFromMap(new IdentityHashMap<>(4));

        Reached(Node root) {
            add(root);
        }

        void read(String word) {
            List<Node> before = now;
            int absorbers = absorbing.size();
            now = new ArrayList<>();
            for (Node node : before) {
                step(node, word);
            }
            for (int i = 0; i < absorbers; i++) {
                step(absorbing.get(i), word);
            }
        }

        void forEach(Consumer<BindingSet> action) {
            now.forEach(node -> action.accept(node.bindings));
            absorbing.forEach(node -> action.accept(node.bindings));
        }

        private void step(Node from, String word) {
            Node literal = from.word(word);
            if (literal != null) {
                add(literal);
            }
            Node any = from.oneWord;
            if (any != null) {
                add(any);
            }
        }

        /** With the node comes what lies behind it by way of a {@code #} for no words. */
        private void add(Node node) {
            now.add(node);
            Node absorber = node.anyWords;
            while (absorber != null && absorbed.add(absorber)) {
                absorbing.add(absorber);
                absorber = absorber.anyWords;
            }
        }
    }
}
