// Publishes and lets the broker confirm each message; then one message that no queue wants.
//
//	confirms [count]
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"
)

const patience = 30 * time.Second

func main() {
	count := 100
	if len(os.Args) > 1 {
		count, _ = strconv.Atoi(os.Args[1])
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := publish(ctx, count); err != nil {
		log.Fatal(err)
	}
}

func publish(ctx context.Context, count int) error {
	conn, err := amqp.Dial(cmp.Or(os.Getenv("AMQP_URL"), "amqp://guest:guest@localhost:5672/"))
	if err != nil {
		return err
	}
	defer conn.Close()
	ch, err := conn.Channel()
	if err != nil {
		return err
	}
	queue, err := ch.QueueDeclare("", false, false, true, false, nil)
	if err != nil {
		return err
	}
	if err := ch.Confirm(false); err != nil {
		return err
	}
	// Publish everything first, then wait: far quicker than waiting after each message.
	var pending []*amqp.DeferredConfirmation
	for i := 1; i <= count; i++ {
		body := fmt.Sprintf("message %d", i)
		confirmation, err := ch.PublishWithDeferredConfirmWithContext(ctx, "", queue.Name, false, false,
			amqp.Publishing{Body: []byte(body)})
		if err != nil {
			return err
		}
		pending = append(pending, confirmation)
	}
	for _, confirmation := range pending {
		acked, err := confirmation.WaitContext(ctx)
		if err != nil {
			return err
		}
		if !acked {
			return errors.New("the broker refused a message")
		}
	}
	fmt.Println("confirmed", count)

	// A mandatory message that reaches no queue comes back before it is confirmed.
	returns := ch.NotifyReturn(make(chan amqp.Return, 1))
	confirmation, err := ch.PublishWithDeferredConfirmWithContext(ctx, "", "no-such-queue", true, false,
		amqp.Publishing{Body: []byte("lost")})
	if err != nil {
		return err
	}
	if _, err := confirmation.WaitContext(ctx); err != nil {
		return err
	}
	select {
	case r := <-returns:
		fmt.Printf("returned %s: %d %s\n", r.Body, r.ReplyCode, r.ReplyText)
		return nil
	default:
		return errors.New("confirmed, yet never returned")
	}
}
