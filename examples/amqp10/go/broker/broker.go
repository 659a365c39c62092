// Package broker has what the programs share: a session, and queues, which AMQP 1.0 has no words for. Those are declared and
// deleted by requests to the node /management, in the manner of HTTP.
package broker

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/Azure/go-amqp"
)

// Patience is how long a program waits for a message.
const Patience = 30 * time.Second

// Run calls job with a session at the broker AMQP_URL.
func Run(job func(ctx context.Context, session *amqp.Session) error) {
	if err := run(context.Background(), job); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, job func(context.Context, *amqp.Session) error) error {
	conn, err := amqp.Dial(ctx, cmp.Or(os.Getenv("AMQP_URL"), "amqp://guest:guest@localhost:5672/"), nil)
	if err != nil {
		return err
	}
	defer conn.Close()
	session, err := conn.NewSession(ctx, nil)
	if err != nil {
		return err
	}
	return job(ctx, session)
}

// Count is the first argument of the program, or 1.
func Count() int {
	if len(os.Args) > 1 {
		if count, err := strconv.Atoi(os.Args[1]); err == nil {
			return count
		}
	}
	return 1
}

// Receive waits for the next message.
func Receive(ctx context.Context, receiver *amqp.Receiver) (*amqp.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	return receiver.Receive(ctx, nil)
}

// DeclareQueue makes a queue that outlives the broker; one that exists already is left as it is.
func DeclareQueue(ctx context.Context, session *amqp.Session, queue string) error {
	return ask(ctx, session, "PUT", "/queues/"+queue, map[string]any{"durable": true}, "200", "201")
}

// DeleteQueue deletes a queue, if it is there.
func DeleteQueue(ctx context.Context, session *amqp.Session, queue string) error {
	return ask(ctx, session, "DELETE", "/queues/"+queue, nil, "200", "404")
}

func ask(ctx context.Context, session *amqp.Session, method, path string, body any, expected ...string) error {
	// A sender and a receiver of the same name: the question goes out on one, the answer comes in on the other.
	const node, name = "/management", "management"
	paired := map[string]any{"paired": true}
	sender, err := session.NewSender(ctx, node, &amqp.SenderOptions{Name: name, Properties: paired, SourceAddress: node})
	if err != nil {
		return err
	}
	defer sender.Close(ctx)
	receiver, err := session.NewReceiver(ctx, node, &amqp.ReceiverOptions{Name: name, Properties: paired, TargetAddress: node})
	if err != nil {
		return err
	}
	defer receiver.Close(ctx)
	replyTo := "$me"
	question := &amqp.Message{
		Properties: &amqp.MessageProperties{MessageID: uint64(1), Subject: &method, To: &path, ReplyTo: &replyTo},
		Value:      body,
	}
	if err := sender.Send(ctx, question, nil); err != nil {
		return err
	}
	answer, err := Receive(ctx, receiver)
	if err != nil {
		return err
	}
	if status := *answer.Properties.Subject; !slices.Contains(expected, status) {
		return fmt.Errorf("%s %s: %s %v", method, path, status, answer.Value)
	}
	return nil
}
