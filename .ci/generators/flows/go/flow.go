// The flow with the client that openapi-generator makes for Go.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	auth "hypers/auth"
	sdk "hypers/business"
)

// must returns the first value; the second is the HTTP response.
func must[T, R any](value T, _ R, err error) T {
	if err != nil {
		var refused interface{ Body() []byte }
		if errors.As(err, &refused) {
			err = fmt.Errorf("%w: %s", err, refused.Body())
		}
		panic(err)
	}
	return value
}

func readAll(file *os.File) []byte {
	content, err := io.ReadAll(file)
	return must(content, 0, err)
}

func main() {
	settings := auth.NewConfiguration()
	if url := os.Getenv("AUTH_URL"); url != "" {
		settings.Servers = auth.ServerConfigurations{{URL: url}}
	}
	tokens := auth.NewAPIClient(settings).AuthAPI
	basic := auth.BasicAuth{UserName: "demo-client", Password: "demo-secret"}
	withBasic := context.WithValue(context.Background(), auth.ContextBasicAuth, basic)
	password := auth.NewPasswordGrant(auth.PASSWORDGRANTTYPE_PASSWORD, "demo@example.com", "demo-password")
	first := must(tokens.CreateToken(withBasic).TokenRequest(auth.PasswordGrantAsTokenRequest(password)).Execute())
	refresh := auth.NewRefreshTokenGrant(auth.REFRESHTOKENGRANTTYPE_REFRESH_TOKEN, first.RefreshToken)
	token := must(tokens.CreateToken(withBasic).TokenRequest(auth.RefreshTokenGrantAsTokenRequest(refresh)).Execute())

	business := sdk.NewConfiguration()
	if url := os.Getenv("BUSINESS_URL"); url != "" {
		business.Servers = sdk.ServerConfigurations{{URL: url}}
	}
	api := sdk.NewAPIClient(business)
	ctx := context.WithValue(context.Background(), sdk.ContextAccessToken, token.AccessToken)

	members, err := os.Open(os.Getenv("MEMBERS_FILE"))
	file := must(api.FilesAPI.UploadFile(ctx).File(must(members, 0, err)).ModuleName("notification").Execute())
	content := sdk.NewNotificationContentInput(sdk.NOTIFICATIONCONTENTTYPE_TEXT, "{{nickname}}, your gift is ready.")
	newTask := sdk.NewNotificationTaskInput("May Day gifts", sdk.NOTIFICATIONTASKTYPE_CUSTOMER_RESOURCE_REMINDER,
		"2025-04-21 15:00:00", []sdk.NotificationContentInput{*content})
	newTask.SetFileIds([]int64{file.Id})
	task := must(api.NotificationTasksAPI.CreateNotificationTask(ctx).NotificationTaskInput(*newTask).Execute())
	executions := must(api.NotificationTasksAPI.ListNotificationTaskExecutions(ctx, task.Id).Execute())

	named := sdk.NewMarketingNoticeGroupInput("Summer care")
	group := must(api.NoticeGroupsAPI.CreateGroup(ctx).MarketingNoticeGroupInput(*named).Execute())
	data := sdk.NewMarketingNoticeDataInput("Skin check", group.Id)
	greeting := sdk.NewConversationalTaskGreetingMo(sdk.CONVERSATIONALTASKGREETINGTYPE_TEXT)
	greeting.SetText("Hello!")
	data.SetGreetings([]sdk.ConversationalTaskGreetingMo{*greeting})
	newPlan := sdk.NewMarketingNoticeInput(sdk.MARKETINGNOTICEOPTION_RELEASE, *data)
	plan := must(api.NoticesAPI.CreateMarketingNotice(ctx).MarketingNoticeInput(*newPlan).Execute())
	newScene := sdk.NewConversationalTaskSceneInput("Gifts", sdk.SCENESTATISTICALMETHOD_GRAND_TOTAL,
		"The customer asks about gifts.", plan.Id)
	scene := must(api.NoticeScenesAPI.CreateScene(ctx).ConversationalTaskSceneInput(*newScene).Execute())
	firstBatch := sdk.NewConversationalTaskInput("First batch", "2025-04-23 10:00", []int64{file.Id})
	planTask := must(api.NoticeTasksAPI.CreateMarketingNoticeTask(ctx, plan.Id).ConversationalTaskInput(*firstBatch).Execute())
	report := must(api.NoticesAPI.GetMarketingNoticeReport(ctx, plan.Id).Execute())
	download := readAll(must(api.FilesAPI.GetFile(ctx, file.Id).Execute()))
	sent, err := os.ReadFile(os.Getenv("MEMBERS_FILE"))

	nameless := sdk.NewMarketingNoticeGroupInput("")
	_, _, refused := api.NoticeGroupsAPI.CreateGroup(ctx).MarketingNoticeGroupInput(*nameless).Execute()
	var answer *sdk.GenericOpenAPIError
	if !errors.As(refused, &answer) {
		panic(refused)
	}
	problem := answer.Model().(sdk.Problem)
	read := must(api.NotificationTasksAPI.GetNotificationTask(ctx, 501).Execute())
	printed, _ := json.Marshal(map[string]any{
		"refreshed":  token.AccessToken != first.AccessToken,
		"members":    task.GetTotalMembers(),
		"executions": executions.Page.Total,
		"group":      group.Name,
		"plan":       plan.Status,
		"scene":      scene.GetSceneType(),
		"planTask":   planTask.Status,
		"planned":    report.GetPlannedNumberOfPeopl(),
		"bytes":      err == nil && bytes.Equal(download, sent),
		"refusal":    fmt.Sprintf("%d %s %s", problem.Status, problem.Errors[0].Rule, problem.Errors[0].Pointer),
		"status":     read.Status,
	})
	fmt.Println(string(printed))
}
