import com.fasterxml.jackson.databind.ObjectMapper;
import hypers.auth.api.AuthApi;
import hypers.auth.model.PasswordGrant;
import hypers.auth.model.PasswordGrantType;
import hypers.auth.model.RefreshTokenGrant;
import hypers.auth.model.RefreshTokenGrantType;
import hypers.auth.model.TokenRequest;
import hypers.business.ApiClient;
import hypers.business.ApiException;
import hypers.business.api.FilesApi;
import hypers.business.api.NoticeGroupsApi;
import hypers.business.api.NoticeScenesApi;
import hypers.business.api.NoticeTasksApi;
import hypers.business.api.NoticesApi;
import hypers.business.api.NotificationTasksApi;
import hypers.business.model.*;
import java.io.File;
import java.nio.file.Files;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The flow with the client that openapi-generator makes for Java with library=native. */
public class Flow {
  public static void main(String[] arguments) throws Exception {
    var authClient = new hypers.auth.ApiClient();
    var authUrl = System.getenv("AUTH_URL");
    if (!authUrl.isEmpty()) authClient.updateBaseUri(authUrl);
    var basic = Base64.getEncoder().encodeToString("demo-client:demo-secret".getBytes());
    authClient.setRequestInterceptor(request -> request.header("Authorization", "Basic " + basic));
    var auth = new AuthApi(authClient);
    var password =
        new PasswordGrant()
            .grantType(PasswordGrantType.PASSWORD)
            .username("demo@example.com")
            .password("demo-password");
    var first = auth.createToken(new TokenRequest(password));
    var refresh =
        new RefreshTokenGrant()
            .grantType(RefreshTokenGrantType.REFRESH_TOKEN)
            .refreshToken(first.getRefreshToken());
    var token = auth.createToken(new TokenRequest(refresh));

    var client = new ApiClient();
    var businessUrl = System.getenv("BUSINESS_URL");
    if (!businessUrl.isEmpty()) client.updateBaseUri(businessUrl);
    var bearer = "Bearer " + token.getAccessToken();
    client.setRequestInterceptor(request -> request.header("Authorization", bearer));
    var files = new FilesApi(client);
    var notifications = new NotificationTasksApi(client);
    var groups = new NoticeGroupsApi(client);
    var plans = new NoticesApi(client);

    var members = new File(System.getenv("MEMBERS_FILE"));
    var file = files.uploadFile(members, "notification");
    var task =
        notifications.createNotificationTask(
            new NotificationTaskInput()
                .taskName("May Day gifts")
                .taskType(NotificationTaskType.CUSTOMER_RESOURCE_REMINDER)
                .scheduledStartTime("2025-04-21 15:00:00")
                .addContentsItem(
                    new NotificationContentInput()
                        .contentType(NotificationContentType.TEXT)
                        .contentValue("{{nickname}}, your gift is ready."))
                .fileIds(List.of(file.getId())));
    var executions = notifications.listNotificationTaskExecutions(task.getId(), null, null, null, null);

    var group = groups.createGroup(new MarketingNoticeGroupInput().name("Summer care"));
    var greeting =
        new ConversationalTaskGreetingMo().type(ConversationalTaskGreetingType.TEXT).text("Hello!");
    var data =
        new MarketingNoticeDataInput()
            .name("Skin check")
            .groupId(group.getId())
            .addGreetingsItem(greeting);
    var plan =
        plans.createMarketingNotice(
            new MarketingNoticeInput().options(MarketingNoticeOption.RELEASE).data(data));
    var scene =
        new NoticeScenesApi(client)
            .createScene(
                new ConversationalTaskSceneInput()
                    .name("Gifts")
                    .statisticalMethod(SceneStatisticalMethod.GRAND_TOTAL)
                    .prompt("The customer asks about gifts.")
                    .planId(plan.getId()));
    var planTask =
        new NoticeTasksApi(client)
            .createMarketingNoticeTask(
                plan.getId(),
                new ConversationalTaskInput()
                    .name("First batch")
                    .startTime("2025-04-23 10:00")
                    .fileIds(List.of(file.getId())));
    var report = plans.getMarketingNoticeReport(plan.getId());
    var download = files.getFile(file.getId(), null, null);

    Problem problem = null;
    try {
      groups.createGroup(new MarketingNoticeGroupInput().name(""));
    } catch (ApiException refused) {
      problem = ApiClient.createDefaultObjectMapper().readValue(refused.getResponseBody(), Problem.class);
    }
    var error = problem.getErrors().get(0);
    var read = notifications.getNotificationTask(501L);

    Map<String, Object> result = new LinkedHashMap<>();
    result.put("refreshed", !token.getAccessToken().equals(first.getAccessToken()));
    result.put("members", task.getTotalMembers());
    result.put("executions", executions.getPage().getTotal());
    result.put("group", group.getName());
    result.put("plan", plan.getStatus().getValue());
    result.put("scene", scene.getSceneType().getValue());
    result.put("planTask", planTask.getStatus().getValue());
    result.put("planned", report.getPlannedNumberOfPeopl());
    result.put("bytes", Files.mismatch(download.toPath(), members.toPath()) == -1);
    result.put("refusal", problem.getStatus() + " " + error.getRule() + " " + error.getPointer());
    result.put("status", read.getStatus().getValue());
    System.out.println(new ObjectMapper().writeValueAsString(result));
  }
}
