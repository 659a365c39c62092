// Asks the server behind the queue "rpc" for Fibonacci numbers.
//
//	rpc_client N...
package main

import (
	"cmp"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/streadway/amqp"
)

const patience = 30 * time.Second

func main() {
	if err := ask(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func ask(numbers []string) error {
	conn, err := amqp.Dial(cmp.Or(os.Getenv("AMQP_URL"), "amqp://guest:guest@localhost:5672/"))
	if err != nil {
		return err
	}
	defer conn.Close()
	ch, err := conn.Channel()
	if err != nil {
		return err
	}
	replyQueue, err := ch.QueueDeclare("", false, false, true, false, nil)
	if err != nil {
		return err
	}
	replies, err := ch.Consume(replyQueue.Name, "", true, true, false, false, nil)
	if err != nil {
		return err
	}
	// Ask everything at once; the correlation id tells which answer belongs to which question.
	questions := map[string]string{}
	for i, n := range numbers {
		id := fmt.Sprintf("question-%d", i)
		questions[id] = n
		err := ch.Publish("", "rpc", false, false, amqp.Publishing{
			ReplyTo:       replyQueue.Name,
			CorrelationId: id,
			ContentType:   "text/plain",
			Body:          []byte(n),
		})
		if err != nil {
			return err
		}
	}
	for len(questions) > 0 {
		select {
		case reply, open := <-replies:
			if !open {
				return errors.New("the broker closed the channel")
			}
			if n, asked := questions[reply.CorrelationId]; asked {
				fmt.Printf("fibonacci(%s) = %s\n", n, reply.Body)
				delete(questions, reply.CorrelationId)
			}
		case <-time.After(patience):
			return errors.New("no answer came")
		}
	}
	return nil
}
