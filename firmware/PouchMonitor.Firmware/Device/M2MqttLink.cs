using System;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Messages;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Publishing;

namespace PouchMonitor.Firmware.Device;

/// <summary>
/// The link over M2Mqtt. Each connection has a client of its own, so that no word on an older message can reach the
/// publisher; its queue is bounded, since it is unlimited unless told.
/// </summary>
public sealed class M2MqttLink : IFrameLink
{
    private const ushort KeepAliveSeconds = 30;

    private readonly NodeConfiguration configuration;
    private IFrameLinkListener? listener;
    private MqttClient? client;
    private string? handlerFault;

    public M2MqttLink(NodeConfiguration configuration)
    {
        this.configuration = configuration;
    }

    /// <inheritdoc/>
    public bool IsConnected => client != null && client.IsConnected;

    /// <inheritdoc/>
    public void SetListener(IFrameLinkListener frameListener)
    {
        listener = frameListener;
    }

    /// <inheritdoc/>
    public bool Connect(string willTopic, string willMessage)
    {
        ThrowHandlerFault();
        Close();
        try
        {
            var next = new MqttClient(
                configuration.BrokerHost,
                configuration.BrokerPort,
                configuration.IsBrokerSecure,
                null,
                null,
                configuration.IsBrokerSecure ? MqttSslProtocols.TLSv1_2 : MqttSslProtocols.None);
            next.Settings.InflightQueueSize = configuration.InFlightCount + 8;
            next.MqttMsgPublished += OnPublished;
            next.MqttMsgPublishReceived += OnReceived;
            client = next;
            MqttReasonCode answer = next.Connect(
                configuration.Node,
                configuration.BrokerUser,
                configuration.BrokerPassword,
                true,
                MqttQoSLevel.AtLeastOnce,
                true,
                willTopic,
                willMessage,
                true,
                KeepAliveSeconds);
            if (answer == MqttReasonCode.Success)
            {
                return true;
            }
        }
        catch (Exception)
        {
            // Unreachable, refused, reset: the publisher tries again with back-off, whatever the reason.
        }

        Close();
        return false;
    }

    /// <inheritdoc/>
    public int Publish(string topic, byte[] payload, bool isRetained)
    {
        ThrowHandlerFault();
        MqttClient? open = client;
        if (open == null)
        {
            return 0;
        }

        try
        {
            return open.Publish(topic, payload, null!, null!, MqttQoSLevel.AtLeastOnce, isRetained);
        }
        catch (Exception)
        {
            // The queue is full (the id it leaves behind is never reported) or the connection is going.
            return 0;
        }
    }

    /// <inheritdoc/>
    public bool Subscribe(string topic)
    {
        MqttClient? open = client;
        if (open == null)
        {
            return false;
        }

        try
        {
            open.Subscribe(new string[] { topic }, new MqttQoSLevel[] { MqttQoSLevel.AtLeastOnce });
            return true;
        }
        catch (Exception)
        {
            // As for a message: the queue is full or the connection is going; the publisher asks again.
            return false;
        }
    }

    /// <inheritdoc/>
    public void Close()
    {
        MqttClient? old = client;
        client = null;
        if (old == null)
        {
            return;
        }

        old.MqttMsgPublished -= OnPublished;
        old.MqttMsgPublishReceived -= OnReceived;
        try
        {
            old.Close();
            old.Dispose();
        }
        catch (Exception)
        {
            // Closing what is already broken may fail; there is nothing left to save.
        }
    }

    private void OnPublished(object sender, MqttMsgPublishedEventArgs word)
    {
        try
        {
            if (sender == client && listener != null)
            {
                listener.OnPublished(word.MessageId, word.IsPublished);
            }
        }
        catch (Exception exception)
        {
            // The client's own thread would end without a word; the publishing thread's restart is recorded.
            handlerFault = exception.GetType().FullName + ": " + exception.Message;
        }
    }

    private void ThrowHandlerFault()
    {
        string? fault = handlerFault;
        if (fault != null)
        {
            handlerFault = null;
            throw new InvalidOperationException(fault);
        }
    }

    private void OnReceived(object sender, MqttMsgPublishEventArgs message)
    {
        try
        {
            if (sender == client && listener != null)
            {
                listener.OnMessage(message.Topic, message.Message);
            }
        }
        catch (Exception exception)
        {
            handlerFault = exception.GetType().FullName + ": " + exception.Message;
        }
    }
}
