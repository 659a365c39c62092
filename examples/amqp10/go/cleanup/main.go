// Deletes the queues that the other examples leave behind.
//
//	cleanup
package main

import (
	"context"
	"fmt"

	"chasqui.example/amqp10/broker"
	"github.com/Azure/go-amqp"
)

func main() {
	broker.Run(func(ctx context.Context, session *amqp.Session) error {
		for _, queue := range []string{"hello", "rpc"} {
			if err := broker.DeleteQueue(ctx, session, queue); err != nil {
				return err
			}
		}
		fmt.Println("clean")
		return nil
	})
}
