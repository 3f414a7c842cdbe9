// rclone with nothing but local folders and `serve webdav`: what the benchmark compares uploads and downloads with.
package main

import (
	_ "github.com/rclone/rclone/backend/local"
	"github.com/rclone/rclone/cmd"
	_ "github.com/rclone/rclone/cmd/serve/webdav"
)

func main() {
	cmd.Main()
}
